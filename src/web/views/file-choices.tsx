/** What a file does not say itself: the options of the command, by the same words. */
import type { JSX } from 'preact';
import { CHOICE_WORDS, DATA_FORMATS, type DataChoice } from '../../data/readers/choice.ts';
import { FormField, FormSelect } from './form.tsx';

export function FileChoices({
  choice,
  open,
  onChoice,
}: {
  readonly choice: DataChoice;
  readonly open: boolean;
  readonly onChoice: (choice: DataChoice) => void;
}): JSX.Element {
  const change = (key: keyof DataChoice, value: unknown): void => {
    const { [key]: _before, ...rest } = choice;
    onChoice((value === '' || value === undefined ? rest : { ...rest, [key]: value }) as DataChoice);
  };
  const { label, separator, header, format, pointsArray, labelsArray } = choice;
  return (
    <details open={open}>
      <summary>How the file is read</summary>
      <div class="form">
        <FormField
          name="label column"
          says={`${CHOICE_WORDS.label}, by name or place, 0 first`}
          value={label === undefined ? '' : String(label)}
          hint="told from the table"
          onValue={(text) => change('label', /^\d+$/.test(text) ? Number(text) : text)}
        />
        <FormField
          name="separator"
          says={CHOICE_WORDS.separator}
          value={separator ?? ''}
          hint="told from the table"
          onValue={(text) => change('separator', text)}
        />
        <FormSelect
          name="first row"
          says={CHOICE_WORDS.header}
          value={header === undefined ? '' : header ? 'names' : 'point'}
          choices={[
            ['', 'told from the table'],
            ['names', 'names the columns'],
            ['point', 'is a point'],
          ]}
          onValue={(value) => change('header', value === '' ? undefined : value === 'names')}
        />
        <FormSelect
          name="format"
          says={CHOICE_WORDS.format}
          value={format ?? ''}
          choices={[['', 'told from the content'], ...DATA_FORMATS.map((one) => [one, one] as const)]}
          onValue={(value) => change('format', value)}
        />
        <FormField
          name="array of points"
          says={CHOICE_WORDS.pointsArray}
          value={pointsArray ?? ''}
          hint="told by the shapes"
          onValue={(text) => change('pointsArray', text)}
        />
        <FormField
          name="array of labels"
          says={CHOICE_WORDS.labelsArray}
          value={labelsArray ?? ''}
          hint="told by the shapes"
          onValue={(text) => change('labelsArray', text)}
        />
      </div>
    </details>
  );
}
