import { useRef, type KeyboardEvent } from 'react';

interface TabListProps<Name extends string> {
  label: string;
  tabs: readonly { readonly name: Name; readonly id: string; readonly content: string }[];
  selected: Name;
  /** The id of the panel that they change. */
  panelId: string;
  onSelect: (name: Name) => void;
}

/** Tabs that change one panel. Polaris's bring dialogs for views that a shop names itself, 6 kB of them. */
export function TabList<Name extends string>({
  label,
  tabs,
  selected,
  panelId,
  onSelect,
}: TabListProps<Name>) {
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const at = tabs.findIndex(({ name }) => name === selected);
    const to = {
      ArrowRight: at + 1,
      ArrowLeft: at - 1,
      Home: 0,
      End: tabs.length - 1,
    }[event.key];
    const tab = to === undefined ? undefined : tabs[(to + tabs.length) % tabs.length];
    if (tab === undefined) return;
    event.preventDefault();
    onSelect(tab.name);
    list.current?.querySelector<HTMLElement>(`#${tab.id}`)?.focus();
  };
  return (
    <div role="tablist" aria-label={label} className="ln-tabs" ref={list} onKeyDown={move}>
      {tabs.map(({ name, id, content }) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={id}
          aria-selected={name === selected}
          aria-controls={panelId}
          tabIndex={name === selected ? 0 : -1}
          onClick={() => onSelect(name)}
        >
          {content}
        </button>
      ))}
    </div>
  );
}
