/** The options that commands share: one declaration for all. */
import { Option, type Command } from 'commander';
import { messages, UserError } from '../errors.ts';
import { collect, integerOption, pathOption, workersOption } from './options.ts';
import { SHARED, USES, type SharedName, type Use } from './uses.ts';

const FLAGS: Readonly<Record<SharedName, string>> = {
  set: '--set <key=value>',
  seed: '--seed <S>',
  workers: '--workers <N>',
  out: '--out <DIR>',
  json: '--json',
  lab: '--lab <FILE>',
};

/** Gives a command the options that all share; one without a meaning there ends it with the reason. */
export function shared(command: Command): Command {
  const name = command.name() as keyof typeof USES;
  const uses: Record<SharedName, Use> | undefined = USES[name];
  if (!uses) throw new Error(`src/cli/uses.ts does not say what the shared options mean for ${name}`);
  for (const one of SHARED) {
    const use = uses[one];
    const option = 'help' in use ? new Option(use.flags ?? FLAGS[one], use.help) : new Option(FLAGS[one]);
    if ('why' in use) {
      option.hideHelp().argParser(() => {
        throw new UserError(messages.noMeaning(name, one, use.why));
      });
    } else {
      if (one === 'set') option.argParser(collect);
      if (one === 'seed') option.argParser(integerOption('seed'));
      if (one === 'workers') option.argParser(workersOption);
      if (one === 'lab')
        option.argParser((text: string, before?: string) => {
          if (before !== undefined) throw new UserError(messages.labTwice());
          return pathOption(text);
        });
      if (one === 'out') option.argParser(pathOption);
      if (use.must) option.makeOptionMandatory();
    }
    command.addOption(option);
  }
  return command;
}
