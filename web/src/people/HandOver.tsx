import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { UserChange, UserView } from "../api/generated/types.gen";
import type { HeldUp } from "../api/problem";
import type { Fate } from "../api/territories";
import { useErrorWords } from "../api/words";
import { Button } from "../ui/Button";
import { formatNumber } from "../ui/format";
import { Note } from "../ui/Note";
import { FateField } from "./FateField";

/** What becomes of somebody's records: everywhere the same, or territory by territory. */
export type Handover = Pick<UserChange, "records" | "to" | "records_in">;

/** The question before somebody who owns records is switched off. */
export function HandOver({
  user,
  owned,
  error,
  busy,
  onBack,
  onChoose,
}: {
  user: UserView;
  /** How many there are, territory by territory. */
  owned: HeldUp[];
  error: unknown;
  busy: boolean;
  onBack: () => void;
  onChoose: (handover: Handover) => void;
}) {
  const { t, i18n } = useLingui();
  const words = useErrorWords();
  const [fates, setFates] = useState<Fate[]>(() => owned.map(() => ({ records: "rotate" })));
  const count = owned.reduce((sum, one) => sum + (one.records ?? 0), 0);
  const named = (one: HeldUp) => one.name ?? t`without territory`;
  return (
    <form
      className="col g4"
      onSubmit={(event) => {
        event.preventDefault();
        onChoose({
          records_in: owned.map((one, at) => ({
            territory: one.territory ?? null,
            records: "rotate" as const,
            ...fates[at],
          })),
        });
      }}
    >
      {error ? <Note kind="bad">{words.problem(error)}</Note> : null}
      <p>
        <Trans>
          {user.name} still owns{" "}
          <Plural value={count} one="one lead" other={`${formatNumber(count, i18n.locale)} leads`} />. With
          the account switched off, nobody would look after them.
        </Trans>
      </p>
      {owned.map((one, at) => (
        <FateField
          key={one.territory ?? "none"}
          label={
            owned.length === 1
              ? t`What becomes of them?`
              : `${named(one)}: ${t`what becomes of ${formatNumber(one.records ?? 0, i18n.locale)}?`}`
          }
          fate={fates[at] ?? { records: "rotate" }}
          without={[user.id]}
          onChange={(fate) => setFates(fates.map((old, other) => (other === at ? fate : old)))}
          error={words.at(error, `/records_in/${at}/to`)}
        />
      ))}
      <p className="small ink3">
        <Trans>Sessions and tokens of {user.name} end in the same moment.</Trans>
      </p>
      <div className="dialog-foot" style={{ marginTop: 4 }}>
        <Button onClick={onBack}>{t`Back to the form`}</Button>
        <Button look="filled" danger type="submit" busy={busy}>{t`Hand over and switch off`}</Button>
      </div>
    </form>
  );
}
