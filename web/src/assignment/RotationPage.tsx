export default function RotationPage() {
  return null;
}
