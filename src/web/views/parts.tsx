/** Small things that every view uses. */
import type { ComponentChildren, JSX } from 'preact';

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
}): JSX.Element => (
  <figure class={`picture ${name}`} aria-labelledby={`${name}-title`} aria-describedby={`${name}-says`}>
    <figcaption id={`${name}-title`}>{title}</figcaption>
    {children}
    <p id={`${name}-says`} class="unseen">
      {says}
    </p>
  </figure>
);

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
