import { Trans, useLingui } from "@lingui/react/macro";
import { useRouter } from "@tanstack/react-router";
import { isProblem } from "../api/problem";
import { useErrorWords } from "../api/words";
import { Button } from "../ui/Button";
import { Empty } from "../ui/Empty";
import { Skeleton } from "../ui/Skeleton";

export function Waiting() {
  const { t } = useLingui();
  return <Skeleton label={t`Loading`} />;
}

export function NotFound() {
  const { t } = useLingui();
  const router = useRouter();
  return (
    <Empty
      title={t`There is no such page`}
      actions={<Button onClick={() => router.navigate({ to: "/" })}>{t`To the start`}</Button>}
    >
      <Trans>The address is wrong, or you may not see what stands there.</Trans>
    </Empty>
  );
}

/** The last net: says what happened and lets the reader try again. */
export function Failure({ error, reset }: { error: unknown; reset?: () => void }) {
  const { t } = useLingui();
  const words = useErrorWords();
  const router = useRouter();
  return (
    <Empty
      title={isProblem(error, 404) ? t`This is not here` : t`This page could not be loaded`}
      actions={
        <Button
          look="filled"
          onClick={() => {
            reset?.();
            void router.invalidate();
          }}
        >{t`Try again`}</Button>
      }
    >
      {words.problem(error)}
      {isProblem(error) && error.operation ? (
        <span className="small ink3" style={{ display: "block", marginTop: 6 }}>
          {t`Operation`} <span className="mono">{error.operation}</span>
        </span>
      ) : null}
    </Empty>
  );
}
