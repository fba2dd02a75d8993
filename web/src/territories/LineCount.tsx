import { useLingui } from "@lingui/react/macro";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { leadCountQuery } from "../api/leads";
import { type Condition, isComplete } from "../ui/conditions";
import { formatNumber } from "../ui/format";

const patience_ms = 200;

/** How many leads one line of a rule matches by itself; the old figure is dimmed while it is counted anew. */
export function LineCount({ condition }: { condition: Condition }) {
  const { t, i18n } = useLingui();
  const text = JSON.stringify(condition);
  const [asked] = useDebouncedValue(text, patience_ms);
  const whole = isComplete(condition);
  const count = useQuery({
    ...leadCountQuery(JSON.parse(asked) as Condition),
    enabled: whole && asked === text,
    placeholderData: keepPreviousData,
  });
  if (!whole || !count.data || count.isError) return null;
  const figure = `${count.data.exact ? "" : "> "}${formatNumber(count.data.value, i18n.locale)}`;
  const old = asked !== text || count.isFetching;
  return (
    <span className={`rt-count ${old ? "old" : ""}`} title={t`Leads that this line matches by itself`}>
      {figure}
    </span>
  );
}
