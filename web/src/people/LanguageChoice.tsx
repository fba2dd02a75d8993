import { useLingui } from "@lingui/react/macro";
import { type Language, speak } from "../ui/language";
import { Seg } from "../ui/Seg";

export function LanguageChoice() {
  const { t, i18n } = useLingui();
  return (
    <Seg
      label={t`Language`}
      value={i18n.locale as Language}
      choices={[
        { value: "de", label: <span lang="de">Deutsch</span> },
        { value: "en", label: <span lang="en">English</span> },
      ]}
      onChange={(next) => void speak(next)}
    />
  );
}
