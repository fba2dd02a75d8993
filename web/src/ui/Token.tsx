import { X } from "lucide-react";

/** One value of several, with its way out. */
export function Token({
  value,
  removeLabel,
  onRemove,
}: {
  value: string;
  removeLabel: string;
  onRemove: () => void;
}) {
  return (
    <span className="tok">
      <span className="cut">{value}</span>
      <button type="button" aria-label={removeLabel} onClick={onRemove}>
        <X size={12} />
      </button>
    </span>
  );
}
