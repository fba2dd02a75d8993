import { useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { TerritoryRef } from "../api/generated/types.gen";
import { pauseRotation, rotationQuery } from "../api/rotation";
import { useErrorWords } from "../api/words";
import { Switch } from "../ui/Check";
import { toast } from "../ui/toasts";

/** Whether a territory's rotation hands leads out; a pause keeps the turns as they are. */
export function PauseSwitch({ territory }: { territory: TerritoryRef }) {
  const { t } = useLingui();
  const words = useErrorWords();
  const client = useQueryClient();
  const rotation = useQuery(rotationQuery(territory.id)).data;
  const change = useMutation({
    mutationFn: (paused: boolean) => pauseRotation(territory.id, paused),
    onSuccess: (_, paused) =>
      toast(
        paused
          ? t`The rotation of ${territory.name} is paused`
          : t`The rotation of ${territory.name} goes on`,
        { undo: () => change.mutate(!paused) },
      ),
    onError: (error) => toast(words.problem(error) ?? "", { bad: true }),
    onSettled: () =>
      Promise.all(["rotation", "leads"].map((key) => client.invalidateQueries({ queryKey: [key] }))),
  });
  if (!rotation) return null;
  const runs = !rotation.paused;
  return (
    <span className="row g2 small">
      <span className={runs ? "ink2" : "warn"}>{runs ? t`Rotation runs` : t`Rotation is paused`}</span>
      <Switch
        label={t`Rotation of ${territory.name} runs`}
        checked={runs}
        disabled={change.isPending}
        onChange={(event) => change.mutate(!event.target.checked)}
      />
    </span>
  );
}
