import { BatchList } from "./BatchPage";

export default function BatchesPage() {
  return <BatchList />;
}
