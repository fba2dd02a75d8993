import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { usersQuery } from "../api/people";
import type { Fate } from "../api/territories";
import { SelectField } from "../ui/Field";

/** Asks what becomes of the records of people who may no longer own them. */
export function FateField({
  label,
  fate,
  without,
  onChange,
  error,
}: {
  label: string;
  fate: Fate;
  /** Who cannot be given them: the people who lose them. */
  without: string[];
  onChange: (fate: Fate) => void;
  error?: string | null;
}) {
  const { t } = useLingui();
  const users = useQuery(usersQuery).data ?? [];
  return (
    <SelectField
      label={label}
      value={fate.to ?? fate.records}
      onChange={({ target: { value } }) =>
        onChange(
          value === "rotate" || value === "queue" ? { records: value } : { records: "give", to: value },
        )
      }
      error={error}
      choices={[
        { value: "rotate", label: t`Hand them out anew by rotation` },
        { value: "queue", label: t`Back to the queue` },
        ...users
          .filter((one) => one.is_active && !without.includes(one.id))
          .map((one) => ({ value: one.id, label: t`All to ${one.name}` })),
      ]}
    />
  );
}
