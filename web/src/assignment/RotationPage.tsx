import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { CalendarPlus, UserPlus } from "lucide-react";
import { useState } from "react";
import type { TerritoryRef } from "../api/generated/types.gen";
import { rotationQuery } from "../api/rotation";
import { useSession } from "../api/session";
import { asTree, territoriesQuery } from "../api/territories";
import { useErrorWords } from "../api/words";
import { paths } from "../paths";
import { AbsenceDialog } from "../shell/AbsenceDialog";
import { Button } from "../ui/Button";
import { useCommands } from "../ui/commands";
import { Empty } from "../ui/Empty";
import { formatTime } from "../ui/format";
import { Kbd } from "../ui/Kbd";
import { Note } from "../ui/Note";
import { Top } from "../ui/Page";
import { Picker } from "../ui/Picker";
import { Skeleton } from "../ui/Skeleton";
import { tint } from "../ui/Territory";
import { PauseSwitch } from "./PauseSwitch";
import { RingAbsences } from "./RingAbsences";
import { RingHead } from "./RingHead";
import { RingQueue } from "./RingQueue";
import { RingSeats } from "./RingSeats";
import "./rotation.css";

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
  const mayPause = (session.permissions.rotation?.edit ?? "none") !== "none";
  return (
    <>
      <Top title={t`Rotation`}>
        {mayPause && territory ? <PauseSwitch territory={territory} /> : null}
        {mayEdit && territory ? (
          <Button
            icon={<CalendarPlus size={15} aria-hidden="true" />}
            onClick={() => setAbsence(true)}
          >{t`Enter absence`}</Button>
        ) : null}
        {territory && mayPause ? (
          <Link className="btn pri" to={paths.territory} params={{ territoryId: territory.id }}>
            <UserPlus size={15} aria-hidden="true" />
            {t`Add a member`}
          </Link>
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
  if (!rotation.data.members.some((member) => member.has_assignment)) {
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
  return (
    <div className="split rotation-page t" style={tint(territory.color)}>
      <div className="pad col g6">
        <RingHead territory={territory} rotation={rotation.data} />
        {rotation.data.paused ? (
          <Note kind="warn">
            <Trans>
              {rotation.data.paused.by.name} has paused the rotation (
              {formatTime(rotation.data.paused.since, i18n.locale)}). New leads wait in the queue; when it
              goes on, the oldest goes out first, and the turns stand where they stood.
            </Trans>
          </Note>
        ) : rotation.data.next ? null : (
          <Note kind="warn">{t`Nobody can be handed leads right now. New ones wait in the queue and go out, oldest first, as soon as somebody is back.`}</Note>
        )}
        <RingSeats territory={territory} rotation={rotation.data} />
        <RingAbsences members={rotation.data.members} />
      </div>
      <RingQueue territory={territory} rotation={rotation.data} />
    </div>
  );
}
