import { useLingui } from "@lingui/react/macro";

/** The kinds that an own field may have, in words. */
export function useKindLabels(): Record<string, string> {
  const { t } = useLingui();
  return {
    text: t`Text`,
    long_text: t`Long text`,
    integer: t`Whole number`,
    decimal: t`Decimal number`,
    money: t`Amount`,
    date: t`Date`,
    date_time: t`Date and time`,
    yes_no: t`Yes or no`,
    choice: t`Choice`,
    multi_choice: t`Several choices`,
    email: t`E-mail`,
    phone: t`Phone`,
    url: t`Web address`,
    country: t`Country`,
    state: t`State`,
  };
}
