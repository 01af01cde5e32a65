/** Small things that every view uses. */
import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';

export const Picture = ({
  name,
  title,
  says,
  children,
}: {
  readonly name: string;
  readonly title: ComponentChildren;
  /** what it shows, for those who cannot see it */
  readonly says: string;
  readonly children: ComponentChildren;
}): JSX.Element => {
  // A chapter has several pictures of a kind.
  const id = useId();
  return (
    <figure class={`picture ${name}`} aria-labelledby={`${id}-title`} aria-describedby={`${id}-says`}>
      <figcaption id={`${id}-title`}>{title}</figcaption>
      {children}
      <p id={`${id}-says`} class="unseen">
        {says}
      </p>
    </figure>
  );
};

export function Choice<T extends string>({
  label,
  value,
  choices,
  onChoose,
}: {
  readonly label: string;
  readonly value: T;
  readonly choices: readonly (readonly [T, string])[];
  readonly onChoose: (value: T) => void;
}): JSX.Element {
  return (
    <label class="choice">
      <span>{label}</span>
      <select value={value} onChange={(event) => onChoose(event.currentTarget.value as T)}>
        {choices.map(([id, words]) => (
          <option key={id} value={id} selected={id === value}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
