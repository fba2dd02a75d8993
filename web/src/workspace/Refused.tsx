import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { isProblem } from "../api/problem";
import { useErrorWords } from "../api/words";
import { paths } from "../paths";
import { Button } from "../ui/Button";
import { Note } from "../ui/Note";

/** Why the server refused; where rules would break it names them, and the reader may insist. */
export function Refused({
  error,
  insist,
  busy,
  onInsist,
}: {
  error: unknown;
  insist: string;
  busy: boolean;
  onInsist: () => void;
}) {
  const words = useErrorWords();
  if (!isProblem(error, 409) || !["field_in_use", "choice_in_use"].includes(error.code))
    return <Note kind="bad">{words.problem(error)}</Note>;
  const rules = error.heldUpBy.filter((one) => one.rule && one.territory);
  return (
    <Note
      kind="warn"
      action={
        <Button danger busy={busy} onClick={onInsist}>
          {insist}
        </Button>
      }
    >
      <Trans>Rules read this and would become broken:</Trans>{" "}
      {rules.map((one, index) => (
        <span key={one.rule}>
          {index ? ", " : ""}
          <Link
            className="lnk"
            to={paths.rule}
            params={{ territoryId: one.territory ?? "", ruleId: one.rule ?? "" }}
          >
            {one.name}
          </Link>
        </span>
      ))}
    </Note>
  );
}
