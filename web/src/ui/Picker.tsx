import { Loader, MultiSelect, Select } from "@mantine/core";
import type { ReactNode } from "react";

export interface Option {
  value: string;
  label: string;
}

interface Common {
  label: string;
  options: Option[];
  placeholder?: string;
  nothing: string;
  searching?: boolean;
  onSearch?: (text: string) => void;
  error?: ReactNode;
  hidden?: boolean;
}

/** Looks one thing up by typing. */
export function Picker({
  label,
  options,
  value,
  onChange,
  placeholder,
  nothing,
  searching,
  onSearch,
  error,
  clearable = true,
  hidden = false,
  open = false,
  draw,
}: Common & {
  value: string | null;
  onChange: (value: string | null) => void;
  clearable?: boolean;
  /** Begins with the focus and its options shown; the first that fits is taken by Enter. */
  open?: boolean;
  draw?: (option: Option) => ReactNode;
}) {
  return (
    <Select
      label={hidden ? undefined : label}
      aria-label={hidden ? label : undefined}
      data={options}
      value={value}
      onChange={onChange}
      placeholder={placeholder}
      nothingFoundMessage={nothing}
      searchable
      clearable={clearable}
      allowDeselect={clearable}
      autoFocus={open}
      defaultDropdownOpened={open}
      selectFirstOptionOnChange={open}
      onFocus={open ? (event) => event.currentTarget.select() : undefined}
      limit={200}
      error={error}
      onSearchChange={onSearch}
      rightSection={searching ? <Loader size={14} /> : undefined}
      renderOption={draw ? ({ option }) => draw(option) : undefined}
      comboboxProps={{ transitionProps: { duration: 0 } }}
      withCheckIcon={false}
    />
  );
}

/** Looks several things up by typing. */
export function ManyPicker({
  label,
  options,
  value,
  onChange,
  placeholder,
  nothing,
  onSearch,
  error,
  hidden = false,
}: Common & { value: string[]; onChange: (value: string[]) => void }) {
  return (
    <MultiSelect
      label={hidden ? undefined : label}
      aria-label={hidden ? label : undefined}
      data={options}
      value={value}
      onChange={onChange}
      placeholder={value.length ? undefined : placeholder}
      nothingFoundMessage={nothing}
      searchable
      limit={200}
      error={error}
      onSearchChange={onSearch}
      comboboxProps={{ transitionProps: { duration: 0 } }}
      hidePickedOptions
    />
  );
}
