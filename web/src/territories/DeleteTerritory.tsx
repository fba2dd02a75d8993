import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { inTerritory } from "../api/names";
import { isProblem } from "../api/problem";
import { deleteTerritory, type Fate, type Territory } from "../api/territories";
import { useErrorWords } from "../api/words";
import { paths } from "../paths";
import { FateField } from "../people/FateField";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { formatNumber } from "../ui/format";
import { Note } from "../ui/Note";
import { toast } from "../ui/toasts";

/** Deletes a territory; whoever would lose access to records that they own is asked about first. */
export function DeleteTerritory({ territory, onClose }: { territory: Territory; onClose: () => void }) {
  const { t, i18n } = useLingui();
  const words = useErrorWords();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [fate, setFate] = useState<Fate>();
  const [owners, setOwners] = useState<string[]>([]);
  const drop = useMutation({
    mutationFn: () => deleteTerritory(territory, fate),
    onSuccess: async () => {
      toast(t`${territory.name} is deleted`);
      await navigate({ to: paths.territories });
      await client.invalidateQueries({ queryKey: ["territories"] });
    },
    onError: (error) => {
      if (!isProblem(error, 409) || error.code !== "records_owned") return;
      setOwners(error.heldUpBy.flatMap((one) => one.user ?? []));
      setFate({ records: "rotate" });
    },
  });
  const { error } = drop;
  const held = isProblem(error, 409) ? error.heldUpBy : [];
  const inside = held.find((one) => one.leads !== undefined)?.leads;
  return (
    <Dialog title={t`Delete ${territory.name}?`} opened onClose={onClose} closeLabel={t`Close`}>
      <form
        className="col g4"
        onSubmit={(event) => {
          event.preventDefault();
          drop.mutate();
        }}
      >
        <p className="ink2">
          <Trans>Its rules and members end with it; its child territories move up.</Trans>
        </p>
        {inside === undefined ? (
          <>
            {error && !owners.length ? <Note kind="bad">{words.problem(error)}</Note> : null}
            {owners.length ? (
              <>
                <p>
                  <Trans>
                    Without this territory these people would no longer see records that they own:
                  </Trans>{" "}
                  {held
                    .filter((one) => one.name)
                    .map((one) => `${one.name} (${formatNumber(one.records ?? 0, i18n.locale)})`)
                    .join(", ")}
                </p>
                <FateField
                  label={t`What becomes of them?`}
                  fate={fate ?? { records: "rotate" }}
                  without={owners}
                  onChange={setFate}
                  error={words.at(error, "/to")}
                />
              </>
            ) : null}
          </>
        ) : (
          <Note kind="bad">
            <Plural
              value={inside}
              one="One lead is still in this territory."
              other={`${formatNumber(inside, i18n.locale)} leads are still in this territory.`}
            />{" "}
            <Trans>Move them to other territories first, or switch the territory off.</Trans>{" "}
            <Link className="lnk" to={paths.leads} search={{ filter: inTerritory(territory.id) }}>
              {t`Show them`}
            </Link>
          </Note>
        )}
        <div className="dialog-foot">
          <Button onClick={onClose}>{t`Cancel`}</Button>
          <Button look="filled" danger type="submit" busy={drop.isPending}>
            {t`Delete territory`}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
