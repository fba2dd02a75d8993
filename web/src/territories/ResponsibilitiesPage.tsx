export default function ResponsibilitiesPage() {
  return null;
}
