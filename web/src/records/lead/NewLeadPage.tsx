import { useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { fieldsQuery } from "../../api/fields";
import { useSession } from "../../api/session";
import { useErrorWords } from "../../api/words";
import { paths } from "../../paths";
import { Button } from "../../ui/Button";
import { keyNames, useCommands } from "../../ui/commands";
import { Note } from "../../ui/Note";
import { Top } from "../../ui/Page";
import { toast } from "../../ui/toasts";
import { LeadForm } from "./LeadForm";
import "./lead.css";
import { createLead, type LeadDraft } from "../../api/leads";
import { leadName } from "./names";

export default function NewLeadPage() {
  const { t, i18n } = useLingui();
  const words = useErrorWords();
  const navigate = useNavigate();
  const client = useQueryClient();
  const session = useSession();
  const all = useSuspenseQuery(fieldsQuery).data;
  const fields = all.filter((field) => !field.is_system && field.kind !== "place");
  const [draft, setDraft] = useState<LeadDraft>({ country: null });
  const create = useMutation({
    mutationFn: () => createLead(withoutEmpty(draft)),
    onSuccess: async ({ id, is_visible, lead }) => {
      await client.invalidateQueries({ queryKey: ["leads"] });
      if (!is_visible || !lead) {
        toast(t`The lead is created and went to a territory that you do not see.`);
        return navigate({ to: paths.leads });
      }
      const where = lead.territory?.name;
      toast(
        where
          ? lead.owner
            ? t`${leadName(lead)} is in ${where}, with ${lead.owner.name}`
            : t`${leadName(lead)} waits in the queue of ${where}`
          : t`${leadName(lead)} has no territory yet`,
      );
      await navigate({ to: paths.lead, params: { leadId: id } });
    },
  });
  const save = () => {
    if (!create.isPending) create.mutate();
  };
  useCommands([
    { id: "save-lead", label: t`Create lead`, group: t`Lead`, keys: "Mod Enter", run: save, quiet: true },
  ]);
  return (
    <>
      <Top
        title={t`New lead`}
        crumbs={
          <>
            <Link to={paths.leads}>{t`Leads`}</Link>
            <ChevronRight size={14} aria-hidden="true" />
          </>
        }
      >
        <Button look="quiet" onClick={() => navigate({ to: paths.leads })}>{t`Cancel`}</Button>
        <Button
          look="filled"
          keys={keyNames("Mod Enter", i18n.locale)}
          busy={create.isPending}
          onClick={save}
        >{t`Create lead`}</Button>
      </Top>
      <div className="body">
        <form
          className="pad narrow"
          onSubmit={(event) => {
            event.preventDefault();
            save();
          }}
        >
          {create.error ? (
            <div style={{ marginBottom: 16 }}>
              <Note kind="bad">{words.problem(create.error)}</Note>
            </div>
          ) : null}
          <LeadForm
            fields={fields}
            draft={draft}
            onChange={setDraft}
            error={create.error}
            currency={session.workspace.currency}
          >
            <div className="dialog-foot">
              <Button look="quiet" onClick={() => navigate({ to: paths.leads })}>{t`Cancel`}</Button>
              <Button look="filled" type="submit" busy={create.isPending}>{t`Create lead`}</Button>
            </div>
          </LeadForm>
        </form>
      </div>
    </>
  );
}

function withoutEmpty(draft: LeadDraft): LeadDraft {
  return Object.fromEntries(
    Object.entries(draft).filter(
      ([, value]) => value !== null && value !== undefined && !(Array.isArray(value) && !value.length),
    ),
  );
}
