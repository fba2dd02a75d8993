import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { CalendarPlus } from "lucide-react";
import { useState } from "react";
import type { RingMember, RotationView, TerritoryRef } from "../api/generated/types.gen";
import { someLeadsQuery } from "../api/leads";
import { inTerritory } from "../api/names";
import { rotationQuery } from "../api/rotation";
import { useSession } from "../api/session";
import { asTree, territoriesQuery } from "../api/territories";
import { useErrorWords } from "../api/words";
import { paths } from "../paths";
import { AbsenceDialog } from "../shell/AbsenceDialog";
import { Button } from "../ui/Button";
import { useCommands } from "../ui/commands";
import type { Condition } from "../ui/conditions";
import { Empty } from "../ui/Empty";
import { formatAgo, formatNumber, formatTime } from "../ui/format";
import { Kbd } from "../ui/Kbd";
import { Note } from "../ui/Note";
import { Avatar, Owner } from "../ui/Owner";
import { Section, Top } from "../ui/Page";
import { Picker } from "../ui/Picker";
import { RingWheel } from "../ui/Ring";
import { ScrollBox, SidePanel } from "../ui/ScrollBox";
import { Skeleton } from "../ui/Skeleton";
import { Terr, tint } from "../ui/Territory";
import { useNow } from "../ui/useNow";
import "./rotation.css";

const shown_max = 20;

/** Why somebody is not handed leads now, in the server's words. */
const said = (member: RingMember, locale: string) =>
  (locale === "de" ? member.obstacle?.de : member.obstacle?.en) ?? "";

export default function RotationPage() {
  const { t } = useLingui();
  const navigate = useNavigate();
  const session = useSession();
  const { territoryId } = useParams({ strict: false });
  const tree = asTree(useSuspenseQuery(territoriesQuery).data);
  const [absence, setAbsence] = useState(false);
  const territory =
    tree.find((line) => line.territory.id === territoryId)?.territory ??
    (territoryId
      ? undefined
      : (tree.find((line) => (line.territory.members ?? 0) > 0)?.territory ?? tree[0]?.territory));
  const go = (id: string | null) => id && void navigate({ to: paths.rotation, params: { territoryId: id } });
  const step = (by: number) => {
    const at = tree.findIndex((line) => line.territory.id === territory?.id);
    go(tree[(at + by + tree.length) % tree.length]?.territory.id ?? null);
  };
  useCommands([
    {
      id: "next-territory",
      label: t`Next territory`,
      group: t`Rotation`,
      keys: "]",
      run: () => step(1),
      quiet: true,
    },
    {
      id: "previous-territory",
      label: t`Previous territory`,
      group: t`Rotation`,
      keys: "[",
      run: () => step(-1),
      quiet: true,
    },
  ]);
  const mayEdit = (session.permissions.user?.edit ?? "none") !== "none";
  return (
    <>
      <Top title={t`Rotation`}>
        {mayEdit && territory ? (
          <Button
            icon={<CalendarPlus size={15} aria-hidden="true" />}
            onClick={() => setAbsence(true)}
          >{t`Enter absence`}</Button>
        ) : null}
      </Top>
      {territory ? (
        <>
          <div className="bar">
            <div style={{ width: 260 }}>
              <Picker
                hidden
                clearable={false}
                label={t`Territory`}
                options={tree.map((line) => ({ value: line.territory.id, label: line.territory.name }))}
                value={territory.id}
                onChange={go}
                nothing={t`No territory of that name`}
              />
            </div>
            <span className="small ink3 row hide-small">
              <Kbd keys="[ ]" /> {t`changes the territory`}
            </span>
          </div>
          <Rotation key={territory.id} territory={territory} />
        </>
      ) : (
        <Empty title={t`No territories yet`}>
          <Trans>As soon as a territory has members with assignment, its rotation stands here.</Trans>
        </Empty>
      )}
      {absence && territory ? (
        <RingAbsence territoryId={territory.id} onClose={() => setAbsence(false)} />
      ) : null}
    </>
  );
}

function RingAbsence({ territoryId, onClose }: { territoryId: string; onClose: () => void }) {
  const rotation = useQuery(rotationQuery(territoryId)).data;
  return <AbsenceDialog people={rotation?.members.map((member) => member.user) ?? []} onClose={onClose} />;
}

function Rotation({ territory }: { territory: TerritoryRef }) {
  const { t, i18n } = useLingui();
  const words = useErrorWords();
  const rotation = useQuery(rotationQuery(territory.id));
  if (rotation.isPending) return <Skeleton label={t`Loading`} />;
  if (rotation.isError)
    return (
      <div className="pad">
        <Note kind="bad">{words.problem(rotation.error)}</Note>
      </div>
    );
  const { next, turn } = rotation.data;
  const seats = rotation.data.members.filter((member) => member.has_assignment);
  if (!seats.length) {
    return (
      <Empty
        title={t`Nobody is handed leads here`}
        actions={
          <Link className="btn" to={paths.territory} params={{ territoryId: territory.id }}>
            {t`To the members`}
          </Link>
        }
      >
        <Trans>Give a member of {territory.name} assignment; until then new leads wait in the queue.</Trans>
      </Empty>
    );
  }
  const beads = seats.map((seat) => ({
    id: seat.user.id,
    name: seat.user.name,
    next: seat.user.id === next?.id,
    out: !seat.is_eligible,
    reason: said(seat, i18n.locale),
  }));
  const shownTurn = formatNumber(turn + 1, i18n.locale);
  return (
    <div className="split rotation-page t" style={tint(territory.color)}>
      <div className="pad col g6">
        <div className="rotation-top">
          <RingWheel
            beads={beads}
            mark={territory}
            caption={next ? t`Next` : t`Nobody is ready`}
            name={next?.name ?? "–"}
            below={t`Turn ${shownTurn}`}
            label={
              next ? t`Next in ${territory.name}: ${next.name}` : t`Nobody in ${territory.name} is ready`
            }
          />
          <Whose rotation={rotation.data} />
        </div>
        {next ? null : (
          <Note kind="warn">{t`Nobody can be handed leads right now. New ones wait in the queue and go out, oldest first, as soon as somebody is back.`}</Note>
        )}
        <Section title={t`Members`}>
          <Seats rotation={rotation.data} />
          <p className="small ink3" style={{ marginTop: 10 }}>
            <Trans>
              Members who are passed over neither gain nor lose: they are not owed what they missed.
            </Trans>
          </p>
        </Section>
      </div>
      <Queue territory={territory} queue={rotation.data.queue} />
    </div>
  );
}

function Whose({ rotation: { members, next } }: { rotation: RotationView }) {
  const { t, i18n } = useLingui();
  return (
    <div>
      <h2 className="h2" style={{ marginBottom: 8 }}>
        {next ? t`Why ${next.name}?` : t`Why nobody?`}
      </h2>
      <ol className="whose">
        {members
          .filter((seat) => seat.has_assignment)
          .map((seat) => (
            <li key={seat.user.id} className={seat.user.id === next?.id ? "next" : ""}>
              <Avatar name={seat.user.name} />
              <span className={`cut ${seat.is_eligible ? "m" : "ink3"}`}>{seat.user.name}</span>
              <span className="small ink2">
                {!seat.is_eligible
                  ? said(seat, i18n.locale)
                  : seat.user.id === next?.id
                    ? t`whose turn it is`
                    : t`ready, had more of the share`}
              </span>
            </li>
          ))}
      </ol>
    </div>
  );
}

function Seats({ rotation: { members: seats, next } }: { rotation: RotationView }) {
  const { t, i18n } = useLingui();
  const most = Math.max(1, ...seats.map((seat) => Math.max(seat.received, seat.due_thousandths / 1000)));
  const state = (seat: RingMember) => {
    if (seat.user.id === next?.id) return <span className="m">→ {t`next`}</span>;
    if (seat.is_eligible)
      return (
        <>
          <i className="dot" aria-hidden="true" /> {t`ready`}
        </>
      );
    return (
      <span className="ink2">
        <i className="dot off" aria-hidden="true" />{" "}
        {seat.has_assignment ? said(seat, i18n.locale) : t`access only`}
      </span>
    );
  };
  return (
    <ScrollBox label={t`Members`}>
      <table className="tbl">
        <thead>
          <tr>
            <th scope="col">{t`Person`}</th>
            <th scope="col">{t`Status`}</th>
            <th scope="col" className="num">{t`Weight`}</th>
            <th scope="col">{t`Received (bar: due)`}</th>
            <th scope="col" className="num">{t`Open`}</th>
            <th scope="col" className="num">{t`Today`}</th>
          </tr>
        </thead>
        <tbody>
          {seats.map((seat) => (
            <tr key={seat.user.id} className={seat.user.id === next?.id ? "on" : ""}>
              <td>
                <Owner name={seat.user.name} />
              </td>
              <td className="nowrap">{state(seat)}</td>
              <td className="num">{seat.weight}</td>
              <td>
                <span className="row">
                  <span className="share" aria-hidden="true">
                    <i style={{ width: `${(seat.received / most) * 100}%` }} />
                    <b style={{ left: `${Math.min(98, (seat.due_thousandths / 1000 / most) * 100)}%` }} />
                  </span>
                  <span className="num">{formatNumber(seat.received, i18n.locale)}</span>
                </span>
              </td>
              <td className="num">
                {seat.open_leads_max == null ? seat.open_leads : `${seat.open_leads}/${seat.open_leads_max}`}
              </td>
              <td className="num">
                {seat.leads_per_day_max == null
                  ? seat.leads_today
                  : `${seat.leads_today}/${seat.leads_per_day_max}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

function Queue({
  territory,
  queue: { waiting: count, served_at },
}: {
  territory: TerritoryRef;
  queue: RotationView["queue"];
}) {
  const { t, i18n } = useLingui();
  const now = useNow();
  const waiting: Condition = {
    all: [inTerritory(territory.id), { field: "queued", op: "is", values: [true] }],
  };
  const queue = useQuery({ ...someLeadsQuery(waiting, shown_max, "created_at"), enabled: count > 0 });
  const leads = queue.data?.items ?? [];
  return (
    <SidePanel className="queue" label={t`Queue`}>
      <div style={{ padding: "20px 16px 12px" }}>
        <div className="row">
          <h2 className="h2 grow">{t`Queue`}</h2>
          <span className={`tag ${count ? "warn" : ""}`}>{formatNumber(count, i18n.locale)}</span>
        </div>
        <p className="small ink3" style={{ marginTop: 6 }}>
          {count ? t`As soon as somebody is ready, the oldest goes out first.` : t`No lead waits here.`}
          {count && served_at ? ` ${t`Expected: ${formatTime(served_at, i18n.locale)}.`}` : null}
        </p>
      </div>
      <ul>
        {leads.map((lead) => (
          <li key={lead.id}>
            <Link to={paths.lead} params={{ leadId: lead.id }}>
              <span className="grow">
                <span className="m cut" style={{ display: "block" }}>
                  {String(lead.company ?? "") || lead.id.slice(-8)}
                </span>
                <span className="small ink3">
                  {String(lead.postcode ?? "")} {String(lead.city ?? "")}
                </span>
              </span>
              <span className="small ink3 num nowrap">
                {formatAgo(lead.queued_at ?? lead.created_at, i18n.locale, now)}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {count > leads.length ? (
        <p className="pad">
          <Link className="lnk small" to={paths.leads} search={{ filter: waiting }}>{t`All as a list`}</Link>
        </p>
      ) : null}
      <p className="sr">
        <Terr mark={territory} />
      </p>
    </SidePanel>
  );
}
