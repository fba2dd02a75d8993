import { useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { SwitchField } from "../ui/Check";
import { keyNames, singleKeysAreOn, switchSingleKeys, useAllCommands } from "../ui/commands";
import { Dialog } from "../ui/Dialog";
import { Kbd } from "../ui/Kbd";

export default function KeyHelp({ onClose }: { onClose: () => void }) {
  const { t, i18n } = useLingui();
  const commands = useAllCommands();
  const [single, setSingle] = useState(singleKeysAreOn);
  const groups = Map.groupBy(
    commands.filter((command) => command.keys),
    (command) => command.group,
  );
  return (
    <Dialog title={t`Keys`} opened onClose={onClose} closeLabel={t`Close`} size={680}>
      <div className="keys">
        {[...groups].map(([group, list]) => (
          <section key={group}>
            <h3 className="cap">{group}</h3>
            <ul>
              {list.map((command) => (
                <li key={command.id}>
                  <span>{command.label}</span>
                  <Kbd keys={keyNames(command.keys ?? "", i18n.locale)} />
                </li>
              ))}
            </ul>
          </section>
        ))}
        <section>
          <h3 className="cap">{t`In a list`}</h3>
          <ul>
            {[
              { label: t`Next, previous row`, keys: "J K" },
              { label: t`Select the row`, keys: "X" },
              { label: t`Extend the selection`, keys: "⇧ J K" },
              { label: t`Open the row`, keys: "↵" },
            ].map((line) => (
              <li key={line.keys}>
                <span>{line.label}</span>
                <Kbd keys={line.keys} />
              </li>
            ))}
          </ul>
        </section>
      </div>
      <SwitchField
        checked={single}
        onChange={(event) => {
          setSingle(event.target.checked);
          switchSingleKeys(event.target.checked);
        }}
        hint={t`Off, only keys with ${keyNames("Mod", i18n.locale)} work.`}
      >{t`Single letters work as keys`}</SwitchField>
    </Dialog>
  );
}
