import { useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { assignLead, type Lead } from "../../api/leads";
import { useLookUps } from "../../api/names";
import { useErrorWords } from "../../api/words";
import { paths } from "../../paths";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Note } from "../../ui/Note";
import { Picker } from "../../ui/Picker";
import { toast } from "../../ui/toasts";

type Way = "owner" | "territory" | "hand_out" | "unpin";

/** Gives a lead to somebody, puts it into a territory for good, hands it out anew, or lets rules decide again. */
export function AssignLead({
  lead,
  etag,
  onClose,
}: {
  lead: Lead;
  etag: string | null;
  onClose: () => void;
}) {
  const { t } = useLingui();
  const words = useErrorWords();
  const lookUps = useLookUps();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [way, setWay] = useState<Way>("owner");
  const [owner, setOwner] = useState<string | null>(lead.owner?.id ?? null);
  const [territory, setTerritory] = useState<string | null>(lead.territory?.id ?? null);
  const save = useMutation({
    mutationFn: () =>
      assignLead(
        lead.id,
        {
          owner: way === "owner" ? owner : null,
          territory: way === "territory" ? territory : null,
          hand_out: way === "hand_out",
          unpin: way === "unpin",
        },
        etag,
      ),
    onSuccess: async (changed) => {
      await client.invalidateQueries({ queryKey: ["rotation"] });
      if (!changed?.id) {
        toast(t`Done. You no longer see the lead.`);
        await navigate({ to: paths.leads });
      } else {
        toast(changed.owner ? t`${changed.owner.name} has the lead now` : t`The lead waits in the queue`);
        onClose();
      }
      await client.invalidateQueries({ queryKey: ["leads"] });
    },
  });
  const ways: { value: Way; label: string; hint: string }[] = [
    { value: "owner", label: t`Give it to a person`, hint: t`Who needs access to the territory.` },
    {
      value: "territory",
      label: t`Put it into a territory`,
      hint: t`It is pinned there: rules do not move it.`,
    },
    ...(lead.territory
      ? [
          {
            value: "hand_out" as const,
            label: t`Hand it out anew`,
            hint: t`By the rotation of its territory.`,
          },
        ]
      : []),
    ...(lead.pinned
      ? [{ value: "unpin" as const, label: t`Let rules decide again`, hint: t`The pin is taken out.` }]
      : []),
  ];
  const blocked =
    way === "owner" && !owner
      ? t`Choose a person`
      : way === "territory" && !territory
        ? t`Choose a territory`
        : null;
  return (
    <Dialog title={t`Assign lead`} opened onClose={onClose} closeLabel={t`Close`} size={460}>
      <form
        className="col g3"
        onSubmit={(event) => {
          event.preventDefault();
          if (!blocked) save.mutate();
        }}
      >
        {save.error ? (
          <Note kind="bad">
            {words.at(save.error, "/owner") ??
              words.at(save.error, "/territory") ??
              words.problem(save.error)}
          </Note>
        ) : null}
        {ways.map((one) => (
          <div key={one.value} className="col g2">
            <label className="row" style={{ alignItems: "flex-start" }}>
              <input
                type="radio"
                name="way"
                className="rad"
                checked={way === one.value}
                onChange={() => setWay(one.value)}
                style={{ marginTop: 3 }}
              />
              <span>
                {one.label}
                <span className="small ink3" style={{ display: "block" }}>
                  {one.hint}
                </span>
              </span>
            </label>
            {way === one.value && one.value === "owner" ? (
              <Picker
                hidden
                label={t`Person`}
                placeholder={t`Person`}
                options={lookUps.named("owner")}
                value={owner}
                onChange={setOwner}
                nothing={t`Nobody of that name`}
              />
            ) : null}
            {way === one.value && one.value === "territory" ? (
              <Picker
                hidden
                label={t`Territory`}
                placeholder={t`Territory`}
                options={lookUps.named("territory")}
                value={territory}
                onChange={setTerritory}
                nothing={t`No territory of that name`}
              />
            ) : null}
          </div>
        ))}
        <div className="dialog-foot" style={{ marginTop: 8 }}>
          <Button onClick={onClose}>{t`Cancel`}</Button>
          <Button look="filled" type="submit" blocked={blocked} busy={save.isPending}>{t`Assign`}</Button>
        </div>
      </form>
    </Dialog>
  );
}
