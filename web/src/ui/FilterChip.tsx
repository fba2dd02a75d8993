import { X } from "lucide-react";

/** One filter: field, operator, value; opens on click, leaves on ×. */
export function FilterChip({
  field,
  op,
  value,
  onOpen,
  onRemove,
  removeLabel,
}: {
  field: string;
  op: string;
  value: string;
  onOpen: () => void;
  onRemove: () => void;
  removeLabel: string;
}) {
  return (
    <span className="filt">
      <button type="button" onClick={onOpen} title={`${field} ${op} ${value}`}>
        <span>{field}</span>
        <span className="op">{op}</span>
        <span className="v cut">{value}</span>
      </button>
      <button type="button" onClick={onRemove} aria-label={removeLabel}>
        <X size={13} />
      </button>
    </span>
  );
}
