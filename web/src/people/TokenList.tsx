import { Trans, useLingui } from "@lingui/react/macro";
import { CopyButton } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Copy, Plus } from "lucide-react";
import { useState } from "react";
import { createToken, revokeToken, tokensQuery } from "../api/people";
import { useErrorWords } from "../api/words";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { SelectField, TextField } from "../ui/Field";
import { formatDate, formatTime } from "../ui/format";
import { Note } from "../ui/Note";
import { Section } from "../ui/Page";
import { ScrollBox } from "../ui/ScrollBox";
import { toast } from "../ui/toasts";

/** API tokens: listed without their secret, which is shown once, when it is made. */
export function TokenList() {
  const { t, i18n } = useLingui();
  const words = useErrorWords();
  const client = useQueryClient();
  const tokens = useQuery(tokensQuery);
  const [creating, setCreating] = useState(false);
  const revoke = useMutation({
    mutationFn: revokeToken,
    onSuccess: () => toast(t`The token no longer works`),
    onSettled: () => client.invalidateQueries({ queryKey: ["tokens"] }),
    onError: (error) => toast(words.problem(error) ?? "", { bad: true }),
  });
  return (
    <Section
      title={t`API tokens`}
      aside={
        <Button
          size="s"
          icon={<Plus size={14} aria-hidden="true" />}
          onClick={() => setCreating(true)}
        >{t`Create token`}</Button>
      }
    >
      {tokens.isError ? <Note kind="bad">{words.problem(tokens.error)}</Note> : null}
      {tokens.data?.length ? (
        <ScrollBox label={t`API tokens`}>
          <table className="tbl">
            <thead>
              <tr>
                <th scope="col">{t`Name`}</th>
                <th scope="col">{t`May`}</th>
                <th scope="col">{t`Last used`}</th>
                <th scope="col">{t`Ends`}</th>
                <th scope="col">
                  <span className="sr">{t`Revoke`}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {tokens.data.map((token) => (
                <tr key={token.id}>
                  <td className="m">{token.name}</td>
                  <td className="ink2 small">
                    {token.scopes.includes("all") ? t`everything that you may` : token.scopes.join(", ")}
                  </td>
                  <td className="ink2 nowrap">
                    {token.last_used_at ? formatTime(token.last_used_at, i18n.locale) : t`never`}
                  </td>
                  <td className="ink2 nowrap">
                    {token.expires_at ? formatDate(token.expires_at, i18n.locale) : t`never`}
                  </td>
                  <td className="num">
                    <Button
                      size="s"
                      look="quiet"
                      danger
                      onClick={() => revoke.mutate(token.id)}
                      aria-label={t`Revoke ${token.name}`}
                    >{t`Revoke`}</Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      ) : (
        <p className="ink2">
          <Trans>No tokens. A program signs in with one, with your rights or fewer.</Trans>
        </p>
      )}
      {creating ? <NewToken onClose={() => setCreating(false)} /> : null}
    </Section>
  );
}

function NewToken({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  const words = useErrorWords();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [reach, setReach] = useState("all");
  const [ends, setEnds] = useState("");
  const create = useMutation({
    mutationFn: () =>
      createToken({
        name,
        scopes: [reach === "read" ? "*.view" : reach === "create" ? "lead.create" : "all"],
        expires_at: ends ? new Date(`${ends}T23:59:59`).toISOString() : null,
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["tokens"] }),
  });
  const secret = create.data?.token;
  return (
    <Dialog
      title={secret ? t`The token` : t`Create token`}
      opened
      onClose={onClose}
      closeLabel={t`Close`}
      size={520}
    >
      {secret ? (
        <div className="col g4">
          <Note kind="warn">{t`It is shown only now. Keep it as you would a password.`}</Note>
          <div className="row">
            <code className="well mono grow" style={{ overflowWrap: "anywhere", userSelect: "all" }}>
              {secret}
            </code>
            <CopyButton value={secret}>
              {({ copied, copy }) => (
                <Button icon={<Copy size={15} aria-hidden="true" />} onClick={copy}>
                  {copied ? t`Copied` : t`Copy`}
                </Button>
              )}
            </CopyButton>
          </div>
          <div className="dialog-foot" style={{ marginTop: 0 }}>
            <Button look="filled" onClick={onClose}>{t`I have kept it`}</Button>
          </div>
        </div>
      ) : (
        <form
          className="col g4"
          onSubmit={(event) => {
            event.preventDefault();
            create.mutate();
          }}
        >
          {create.error ? <Note kind="bad">{words.problem(create.error)}</Note> : null}
          <TextField
            label={t`Name`}
            hint={t`What it is for, such as “Website form”.`}
            required
            autoFocus
            value={name}
            onChange={(event) => setName(event.target.value)}
            error={words.at(create.error, "/name")}
          />
          <SelectField
            label={t`It may`}
            value={reach}
            onChange={(event) => setReach(event.target.value)}
            choices={[
              { value: "all", label: t`everything that you may` },
              { value: "read", label: t`only read` },
              { value: "create", label: t`only create leads` },
            ]}
            error={words.at(create.error, "/scopes")}
          />
          <TextField
            label={t`Ends on`}
            optional={t`optional`}
            type="date"
            value={ends}
            onChange={(event) => setEnds(event.target.value)}
            error={words.at(create.error, "/expires_at")}
          />
          <div className="dialog-foot" style={{ marginTop: 4 }}>
            <Button onClick={onClose}>{t`Cancel`}</Button>
            <Button look="filled" type="submit" busy={create.isPending}>{t`Create token`}</Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
