import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { TriangleAlert, UserPlus } from "lucide-react";
import { type KeyboardEvent, useMemo, useRef, useState } from "react";
import type { Named, TerritoryRef } from "../api/generated/types.gen";
import { roleLabel } from "../api/roles";
import { useSession } from "../api/session";
import { type Member, matrixQuery } from "../api/territories";
import { paths } from "../paths";
import { singleKeysAreOn } from "../ui/commands";
import { Empty } from "../ui/Empty";
import { Kbd } from "../ui/Kbd";
import { Owner } from "../ui/Owner";
import { Top } from "../ui/Page";
import { Outline, tint } from "../ui/Territory";
import { MemberDialog } from "./MemberDialog";
import { membershipOf, useMembership } from "./useMembership";
import "./territories.css";

const hands_min = 2;

/** Who works where: a ring is access, a disc with the weight is handed leads. */
export default function ResponsibilitiesPage() {
  const { t, i18n } = useLingui();
  const session = useSession();
  const matrix = useSuspenseQuery(matrixQuery).data;
  const tree = matrix.territories;
  const users = matrix.users.filter((user) => user.active || user.invited);
  const members = matrix.members;
  const [editing, setEditing] = useState<{
    user: Named;
    territory: TerritoryRef;
    member?: Member;
    takesAccess?: boolean;
  } | null>(null);
  const change = useMembership();
  const [at, setAt] = useState<[number, number]>([0, 0]);
  const table = useRef<HTMLTableElement>(null);
  const mayEdit = matrix.can.edit;
  const mayInvite = (session.permissions.user?.create ?? "none") !== "none";
  const cells = useMemo(
    () => new Map(members.map((member) => [`${member.user} ${member.territory}`, member])),
    [members],
  );
  const hands = tree.map(
    (territory) => members.filter((member) => member.territory === territory.id && member.assignment).length,
  );
  const thin = hands.filter((count) => count > 0 && count < hands_min).length;

  /** Z: access; V: is handed leads; 1 to 9: weight. */
  const act = ({ key, ctrlKey, metaKey, altKey }: KeyboardEvent) => {
    const [user, territory] = [users[at[0]], tree[at[1]]];
    if (!mayEdit || !user || !territory || ctrlKey || metaKey || altKey || !singleKeysAreOn()) return false;
    const member = cells.get(`${user.id} ${territory.id}`);
    if (/^[1-9]$/.test(key)) {
      const weight = Number(key);
      const to = (was?: Member) => ({ ...membershipOf(was), access: true, assignment: true, weight });
      change.mutate({ territory, user, to });
    } else if (/^v$/i.test(key)) {
      const to = (was?: Member) => ({ ...membershipOf(was), access: true, assignment: !was?.assignment });
      change.mutate({ territory, user, to });
    } else if (/^z$/i.test(key)) {
      if (member?.access) setEditing({ user, territory, member, takesAccess: true });
      else change.mutate({ territory, user, to: (was) => ({ ...membershipOf(was), access: true }) });
    } else return false;
    return true;
  };
  const roleLetter = (member?: Member) =>
    member?.role_key ? roleLabel(member.role_key, i18n).slice(0, 1) : null;
  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Record<string, [number, number]> = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
    };
    const move = moves[event.key];
    if (!move) {
      if (act(event)) event.preventDefault();
      return;
    }
    event.preventDefault();
    const next: [number, number] = [
      Math.min(Math.max(at[0] + move[0], 0), users.length - 1),
      Math.min(Math.max(at[1] + move[1], 0), tree.length - 1),
    ];
    setAt(next);
    table.current?.querySelector<HTMLElement>(`[data-cell="${next[0]} ${next[1]}"]`)?.focus();
  };
  return (
    <>
      <Top title={t`Responsibilities`}>
        {mayInvite ? (
          <Link className="btn pri" to={paths.users} search={{ create: true }}>
            <UserPlus size={15} aria-hidden="true" />
            {t`Invite a person`}
          </Link>
        ) : null}
      </Top>
      <div className="bar small ink2">
        <span className="row">
          <span
            className="disc on"
            style={{ "--t": "var(--ink-2)", "--t-strong": "var(--ink-2)" } as React.CSSProperties}
          >
            2
          </span>
          {t`is handed leads, weight 2`}
        </span>
        <span className="row">
          <span className="disc" style={{ "--t": "var(--ink-2)" } as React.CSSProperties} />
          {t`access only`}
        </span>
        <span className="row">
          <span className="disc" style={{ "--t": "var(--ink-2)" } as React.CSSProperties}>
            {roleLabel("read_only", i18n).slice(0, 1)}
          </span>
          {t`a role of their own here`}
        </span>
        {mayEdit ? (
          <span className="row keys-hint hide-small">
            <Kbd keys="↑ ↓ ← →" /> {t`move`} <Kbd keys="Z" /> {t`access`} <Kbd keys="V" /> {t`assignment`}{" "}
            <Kbd keys="1" />–<Kbd keys="9" /> {t`weight`}
          </span>
        ) : null}
      </div>
      {users.length && tree.length ? (
        <div className="body" style={{ overflow: "auto" }}>
          <table ref={table} className="matrix" aria-label={t`Responsibilities`}>
            <thead>
              <tr>
                <th scope="col" style={{ paddingLeft: 20, left: 0, zIndex: 3 }}>{t`Person`}</th>
                <th scope="col">{t`Role`}</th>
                {tree.map((territory) => (
                  <th key={territory.id} scope="col" className="t" style={tint(territory.color)}>
                    <Link
                      to={paths.territory}
                      params={{ territoryId: territory.id }}
                      className="col"
                      title={territory.name}
                    >
                      <span className="up">{territory.name}</span>
                      <Outline mark={territory} />
                    </Link>
                  </th>
                ))}
                <th scope="col" style={{ padding: "0 20px 8px 12px", textAlign: "right" }}>{t`Rings`}</th>
              </tr>
            </thead>
            <tbody onKeyDown={onKeyDown}>
              {users.map((user, row) => (
                <tr key={user.id}>
                  <th scope="row">
                    <Owner name={user.name} />
                    {user.invited ? <span className="tag">{t`invited`}</span> : null}
                  </th>
                  <td className="role">{roleLabel(user.role_key, i18n)}</td>
                  {tree.map((territory, column) => {
                    const member = cells.get(`${user.id} ${territory.id}`);
                    const said = member?.assignment
                      ? t`handed leads, weight ${member.weight}`
                      : member?.access
                        ? t`access only`
                        : t`no access`;
                    const role = member?.role_key
                      ? `, ${t`role here: ${roleLabel(member.role_key, i18n)}`}`
                      : "";
                    return (
                      <td key={territory.id} className="cell t" style={tint(territory.color)}>
                        <button
                          type="button"
                          data-cell={`${row} ${column}`}
                          tabIndex={at[0] === row && at[1] === column ? 0 : -1}
                          aria-label={`${user.name}, ${territory.name}: ${said}${role}`}
                          title={role ? said + role : undefined}
                          onFocus={() => setAt([row, column])}
                          onClick={() => mayEdit && setEditing({ user, territory, member })}
                        >
                          <span
                            className={`disc ${member?.assignment ? "on" : member?.access ? "" : "none"}`}
                          >
                            {member?.assignment ? member.weight : roleLetter(member)}
                          </span>
                        </button>
                      </td>
                    );
                  })}
                  <td className="num ink2" style={{ paddingRight: 20 }}>
                    {members.filter((member) => member.user === user.id && member.assignment).length || "–"}
                  </td>
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr>
                <th scope="row">{t`Are handed leads`}</th>
                <td className="warn small">
                  {thin ? (
                    <span className="row g1">
                      <TriangleAlert size={13} aria-hidden="true" />{" "}
                      {t`${plural(thin, { one: "# with only one", other: "# with only one" })}`}
                    </span>
                  ) : null}
                </td>
                {hands.map((count, index) => (
                  <td key={tree[index]?.id} className={count < hands_min ? "warn b" : ""}>
                    {count}
                  </td>
                ))}
                <td />
              </tr>
            </tfoot>
          </table>
        </div>
      ) : (
        <Empty title={t`Nobody and nowhere yet`}>
          <Trans>Create territories and users first; then this table says who works where.</Trans>
        </Empty>
      )}
      {editing ? (
        <MemberDialog
          territory={editing.territory}
          user={editing.user}
          member={editing.member}
          takesAccess={editing.takesAccess}
          onClose={() => setEditing(null)}
        />
      ) : null}
    </>
  );
}
