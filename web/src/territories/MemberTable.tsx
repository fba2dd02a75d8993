import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Check, Plus, X } from "lucide-react";
import { useState } from "react";
import { usersQuery } from "../api/people";
import { useMay } from "../api/session";
import { type Member, membersQuery, type Territory } from "../api/territories";
import { useErrorWords } from "../api/words";
import { Button } from "../ui/Button";
import { Note } from "../ui/Note";
import { Owner } from "../ui/Owner";
import { Picker } from "../ui/Picker";
import { ScrollBox } from "../ui/ScrollBox";
import { Skeleton } from "../ui/Skeleton";
import { MemberDialog } from "./MemberDialog";

/** Who sees the territory's records, and who is handed its leads. */
export function MemberTable({ territory }: { territory: Territory }) {
  const may = useMay();
  const mayEdit = may("rotation", "edit");
  const maySee = may("rotation", "view");
  const { t } = useLingui();
  const words = useErrorWords();
  const members = useQuery({ ...membersQuery(territory.id), enabled: maySee });
  const users = useQuery({ ...usersQuery, enabled: mayEdit && may("user", "view") });
  const [editing, setEditing] = useState<{ user: { id: string; name: string }; member?: Member } | null>(
    null,
  );
  if (!maySee) return <p className="ink2">{t`Your role does not show the members.`}</p>;
  if (members.isPending) return <Skeleton label={t`Loading`} lines={3} />;
  if (members.isError) return <Note kind="bad">{words.problem(members.error)}</Note>;
  const people = new Map(members.data.users.map((user) => [user.id, user]));
  const list = [...members.data.items].sort(
    (a, b) => Number(b.assignment) - Number(a.assignment) || a.position - b.position,
  );
  const nameOf = (member: Member) => people.get(member.user)?.name ?? "–";
  const candidates = (users.data ?? []).filter(
    (user) => user.is_active && !list.some((member) => member.user === user.id),
  );
  return (
    <div className="col g3">
      <ScrollBox label={t`Members`}>
        <table className="tbl">
          <thead>
            <tr>
              <th scope="col">{t`Person`}</th>
              <th scope="col">{t`Access`}</th>
              <th scope="col">{t`Assignment`}</th>
              <th scope="col" className="num">{t`Weight`}</th>
              <th scope="col" className="num">{t`Open at most`}</th>
              <th scope="col" className="num">{t`Per day at most`}</th>
              {mayEdit ? (
                <th scope="col">
                  <span className="sr">{t`Edit`}</span>
                </th>
              ) : null}
            </tr>
          </thead>
          <tbody>
            {list.map((member) => (
              <tr key={member.user}>
                <td>
                  <Owner name={nameOf(member)} />
                </td>
                <td>
                  <Tick on={member.access} />{" "}
                  {member.includes_children ? <span className="small ink3">{t`with children`}</span> : null}
                </td>
                <td>
                  {member.assignment ? <Tick on /> : <span className="small ink3">{t`access only`}</span>}
                </td>
                <td className="num">{member.assignment ? member.weight : "–"}</td>
                <td className="num">{member.open_leads_max ?? "–"}</td>
                <td className="num">{member.leads_per_day_max ?? "–"}</td>
                {mayEdit ? (
                  <td className="num">
                    <Button
                      size="s"
                      look="quiet"
                      onClick={() => setEditing({ user: { id: member.user, name: nameOf(member) }, member })}
                      aria-label={t`Edit ${nameOf(member)}`}
                    >{t`Edit`}</Button>
                  </td>
                ) : null}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
      {mayEdit && candidates.length ? (
        <div className="row" style={{ maxWidth: 320 }}>
          <Plus size={15} className="ink3" aria-hidden="true" />
          <div className="grow">
            <Picker
              hidden
              label={t`Add a member`}
              placeholder={t`Add a member`}
              options={candidates.map((user) => ({ value: user.id, label: user.name }))}
              value={null}
              nothing={t`Nobody of that name`}
              onChange={(id) => {
                const user = candidates.find((one) => one.id === id);
                if (user) setEditing({ user });
              }}
            />
          </div>
        </div>
      ) : null}
      {editing ? (
        <MemberDialog
          territory={territory}
          user={editing.user}
          member={editing.member}
          onClose={() => setEditing(null)}
        />
      ) : null}
    </div>
  );
}

function Tick({ on }: { on: boolean }) {
  const { t } = useLingui();
  return on ? (
    <Check
      size={15}
      className="ok"
      role="img"
      aria-label={t`yes`}
      style={{ display: "inline", verticalAlign: "-2px" }}
    />
  ) : (
    <X
      size={15}
      className="ink3"
      role="img"
      aria-label={t`no`}
      style={{ display: "inline", verticalAlign: "-2px" }}
    />
  );
}
