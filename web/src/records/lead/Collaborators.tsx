import { useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { X } from "lucide-react";
import { addCollaborator, type Lead, removeCollaborator } from "../../api/leads";
import { useLookUps } from "../../api/names";
import { useErrorWords } from "../../api/words";
import { Button } from "../../ui/Button";
import { Note } from "../../ui/Note";
import { Owner } from "../../ui/Owner";
import { Picker } from "../../ui/Picker";

/** Who takes part in the lead beside its owner; whoever may assign it changes that here. */
export function Collaborators({ lead, etag }: { lead: Lead; etag: string | null }) {
  const { t } = useLingui();
  const words = useErrorWords();
  const client = useQueryClient();
  const lookUps = useLookUps();
  const people = lead.collaborators ?? [];
  const change = useMutation({
    mutationFn: ({ user, takesPart }: { user: string; takesPart: boolean }) =>
      takesPart ? addCollaborator(lead.id, user, etag) : removeCollaborator(lead.id, user, etag),
    onSettled: () => client.invalidateQueries({ queryKey: ["leads"] }),
  });
  if (!people.length && !lead.can.assign) return null;
  const taken = new Set([lead.owner?.id, ...people.map((person) => person.id)]);
  return (
    <section className="col g2" aria-labelledby="taking-part" style={{ marginBottom: 16 }}>
      <h3 id="taking-part" className="small ink3">{t`Taking part`}</h3>
      {change.error ? (
        <Note kind="bad">{words.at(change.error, "/user") ?? words.problem(change.error)}</Note>
      ) : null}
      {people.length ? (
        <ul className="col g2" style={{ listStyle: "none", padding: 0, margin: 0 }}>
          {people.map((person) => (
            <li key={person.id} className="row">
              <span className="grow">
                <Owner name={person.name} />
              </span>
              {lead.can.assign ? (
                <Button
                  look="quiet"
                  label={t`${person.name} takes no part any more`}
                  icon={<X size={14} aria-hidden="true" />}
                  busy={change.isPending}
                  onClick={() => change.mutate({ user: person.id, takesPart: false })}
                />
              ) : null}
            </li>
          ))}
        </ul>
      ) : null}
      {lead.can.assign ? (
        <Picker
          hidden
          label={t`Let somebody take part`}
          placeholder={t`Let somebody take part`}
          options={lookUps.named("owner").filter((person) => !taken.has(person.value))}
          value={null}
          onChange={(user) => {
            if (user) change.mutate({ user, takesPart: true });
          }}
          nothing={t`Nobody of that name`}
        />
      ) : null}
    </section>
  );
}
