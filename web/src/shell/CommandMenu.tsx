import { useLingui } from "@lingui/react/macro";
import { Modal } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { CornerDownLeft, Search } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from "react";
import { fieldsQuery } from "../api/fields";
import { containing } from "../api/leads";
import { foundQuery, inTerritory } from "../api/names";
import { useMay } from "../api/session";
import { territoriesQuery } from "../api/territories";
import { paths } from "../paths";
import { keyNames, useAllCommands } from "../ui/commands";
import { Kbd } from "../ui/Kbd";
import { Outline } from "../ui/Territory";

interface Line {
  id: string;
  group: string;
  label: string;
  mark?: ReactNode;
  where?: string;
  keys?: string;
  run: () => void;
}

const used = "revier.commands-used";
const remembered_max = 24;

function usedBefore(): string[] {
  try {
    return JSON.parse(localStorage.getItem(used) ?? "[]");
  } catch {
    return [];
  }
}

// "muller" finds "Müller", and "goto" finds "Go to".
const plain = (text: string) =>
  text
    .normalize("NFKD")
    .replace(/\p{M}|\s/gu, "")
    .toLowerCase()
    .replaceAll("ß", "ss");

/** Places, commands and records by typing; shows the key of every command, so it teaches. */
export default function CommandMenu({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      attributes={{ content: { "aria-label": t`Search or jump` } }}
      size={640}
      yOffset={96}
      padding={0}
      styles={{ body: { padding: 0 } }}
    >
      <CommandList onClose={onClose} />
    </Modal>
  );
}

function CommandList({ onClose }: { onClose: () => void }) {
  const { t, i18n } = useLingui();
  const navigate = useNavigate();
  const commands = useAllCommands();
  const may = useMay();
  const territories = useQuery({ ...territoriesQuery, enabled: may("territory", "view") });
  const fields = useQuery(fieldsQuery).data ?? [];
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const [asked] = useDebouncedValue(text.trim(), 120);
  const wish =
    asked.length > 1 ? containing(asked, (key) => fields.some((field) => field.key === key)) : undefined;
  const found = useQuery({ ...foundQuery(asked, wish), placeholderData: keepPreviousData });
  const list = useRef<HTMLUListElement>(null);
  const id = useId();

  const wanted = plain(text);
  const recent = usedBefore();
  const rank = (line: Line) => {
    const index = recent.indexOf(line.id);
    return index < 0 ? remembered_max : index;
  };
  const lines: Line[] = [
    ...commands.filter((command) => !command.quiet).map((command): Line => ({ ...command })),
    ...(territories.data ?? []).map(
      (territory): Line => ({
        id: `territory-${territory.id}`,
        group: t`Territories`,
        label: territory.name,
        mark: <Outline mark={territory} />,
        run: () =>
          void navigate({
            to: paths.leads,
            search: { filter: inTerritory(territory.id) },
          }),
      }),
    ),
  ]
    .filter(
      (line) =>
        !wanted || plain(line.label).includes(wanted) || plain(line.group + line.label).includes(wanted),
    )
    .sort((a, b) => rank(a) - rank(b));
  if (asked.length > 1) {
    for (const record of found.data ?? [])
      lines.push({
        id: record.id,
        group: t`Leads`,
        label: String(
          record.company ||
            [record.first_name, record.last_name].filter(Boolean).join(" ") ||
            record.id.slice(-8),
        ),
        where: record.city ? String(record.city) : undefined,
        mark: record.territory ? <Outline mark={record.territory} /> : null,
        run: () => void navigate({ to: paths.lead, params: { leadId: record.id } }),
      });
    lines.push({
      id: "contains",
      group: t`Search`,
      label: t`All leads that contain “${asked}”`,
      run: () => void navigate({ to: paths.leads, search: { q: asked } }),
    });
  }
  const current = Math.min(at, Math.max(0, lines.length - 1));
  const run = (line: Line | undefined) => {
    if (!line) return;
    localStorage.setItem(
      used,
      JSON.stringify([line.id, ...recent.filter((one) => one !== line.id)].slice(0, remembered_max)),
    );
    onClose();
    line.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const next =
        (current + (event.key === "ArrowDown" ? 1 : -1) + lines.length) % Math.max(1, lines.length);
      setAt(next);
      list.current?.querySelectorAll(".it")[next]?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(lines[current]);
    }
  };
  return (
    <div className="cmd">
      <div className="q">
        <Search size={18} className="ink3" aria-hidden="true" />
        <input
          data-autofocus
          role="combobox"
          aria-expanded="true"
          aria-controls={id}
          aria-activedescendant={lines.length ? `${id}-${current}` : undefined}
          aria-label={t`Search or jump`}
          placeholder={t`Search or jump`}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <ul ref={list} id={id} role="listbox" aria-label={t`Places and commands`}>
        {lines.map((line, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the input above takes the keys of the whole list
          <li
            key={line.id}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === current}
            className="it"
            tabIndex={-1}
            onClick={() => run(line)}
            onPointerMove={() => setAt(index)}
          >
            {line.mark ?? null}
            <span className="ink3 nowrap">{line.group}</span>
            <span className="m cut">{line.label}</span>
            {line.where ? <span className="where ink3 cut">{line.where}</span> : null}
            {line.keys ? <Kbd keys={keyNames(line.keys, i18n.locale)} /> : null}
          </li>
        ))}
        {lines.length ? null : (
          <li className="ink3" style={{ padding: 12 }}>{t`Nothing of that name. Try fewer letters.`}</li>
        )}
      </ul>
      <footer>
        <CornerDownLeft size={13} aria-hidden="true" /> {t`opens`}
        <Kbd keys="↑ ↓" /> {t`moves`}
        <Kbd keys="Esc" /> {t`closes`}
      </footer>
    </div>
  );
}
