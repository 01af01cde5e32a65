/** Fields of the forms of one's own data. */
import type { JSX } from 'preact';
import { useId, useState } from 'preact/hooks';

interface FieldProps {
  readonly name: string;
  /** what it is, beside the name */
  readonly says?: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
}

/** @param list names that are offered */
export function FormField({
  name,
  says,
  value,
  hint,
  list,
  onValue,
}: FieldProps & { readonly hint?: string; readonly list?: readonly string[] }): JSX.Element {
  const id = useId();
  // The page may be drawn again while somebody types.
  const [draft, setDraft] = useState<string>();
  return (
    <div class="form-field">
      <label for={id}>
        <b>{name}</b> {says && <span>{says}</span>}
      </label>
      <input
        id={id}
        value={draft ?? value}
        placeholder={hint}
        autocomplete="off"
        spellcheck={false}
        list={list ? `${id}-list` : undefined}
        onInput={(event) => setDraft(event.currentTarget.value)}
        onChange={(event) => {
          setDraft(undefined);
          onValue(event.currentTarget.value.trim());
        }}
      />
      {list && (
        <datalist id={`${id}-list`}>
          {list.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
    </div>
  );
}

export function FormSelect({
  name,
  says,
  value,
  choices,
  onValue,
}: FieldProps & { readonly choices: readonly (readonly [value: string, words: string])[] }): JSX.Element {
  const id = useId();
  return (
    <div class="form-field">
      <label for={id}>
        <b>{name}</b> {says && <span>{says}</span>}
      </label>
      <select id={id} value={value} onChange={(event) => onValue(event.currentTarget.value)}>
        {choices.map(([one, words]) => (
          <option key={one} value={one} selected={one === value}>
            {words}
          </option>
        ))}
      </select>
    </div>
  );
}

export const FormTick = ({
  name,
  checked,
  onTick,
}: {
  readonly name: string;
  readonly checked: boolean;
  readonly onTick: (checked: boolean) => void;
}): JSX.Element => (
  <label class="tick">
    <input type="checkbox" checked={checked} onChange={(event) => onTick(event.currentTarget.checked)} /> {name}
  </label>
);
