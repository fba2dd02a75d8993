import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { Button } from "./Button";
import type { Condition } from "./conditions";
import { countryOptions } from "./countries";
import { Dialog } from "./Dialog";
import { SelectField, TextArea } from "./Field";
import { Note } from "./Note";

export type PostcodesRead = { condition: Condition; count: number | null } | { refused: string };

export interface PostcodeReader {
  /** Turns text such as "60–65, 67–69 + 76726–76891" into a condition; a refusal comes back as words. */
  read: (text: string, country: string) => Promise<PostcodesRead>;
  /** Turns a condition into such text. */
  say: (condition: Condition, country: string) => Promise<string>;
}

/** Postcodes as field sales write them: typed or pasted, checked and counted by the server. */
export function PostcodeText({
  start,
  onClose,
  reader,
  onTake,
}: {
  start: string;
  onClose: () => void;
  reader: PostcodeReader;
  onTake: (condition: Condition) => void;
}) {
  const { t, i18n } = useLingui();
  const [text, setText] = useState(start);
  const [country, setCountry] = useState("DE");
  const [found, setFound] = useState<PostcodesRead | null>(null);
  const [busy, setBusy] = useState(false);
  // Checking never blocks the button: leaving the text by a click on it must count as the click.
  const check = async () => setFound(text.trim() ? await reader.read(text, country) : null);
  const take = async () => {
    setBusy(true);
    const answer = await reader.read(text, country);
    setFound(answer);
    if (!("refused" in answer)) {
      onTake(answer.condition);
      onClose();
    }
    setBusy(false);
  };
  return (
    <Dialog title={t`Postcodes as text`} opened onClose={onClose} closeLabel={t`Close`} size={560}>
      <div className="col g4">
        <TextArea
          label={t`Postcodes`}
          rows={4}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onBlur={check}
          placeholder={t`7xxxx without 76726–76891 + 88–89`}
          hint={t`Ranges with –, patterns with x or *, “+” adds, “without” takes away up to the next “+”. Short numbers are prefixes.`}
          error={found && "refused" in found ? found.refused : undefined}
        />
        <SelectField
          label={t`Country`}
          value={country}
          onChange={(event) => setCountry(event.target.value)}
          choices={countryOptions(i18n.locale)}
        />
        {found && "count" in found && found.count !== null ? (
          <Note kind="ok">{t`${plural(found.count, { one: "# postcode", other: "# postcodes" })}`}</Note>
        ) : null}
      </div>
      <div className="dialog-foot">
        <Button look="quiet" onClick={onClose}>{t`Cancel`}</Button>
        <Button
          look="filled"
          busy={busy}
          blocked={text.trim() ? null : t`There is no text yet`}
          onClick={take}
        >{t`Use as criterion`}</Button>
      </div>
    </Dialog>
  );
}
