/** The command line `benign`. Each command's code is loaded when it is called. */
import { Command, CommanderError, Option } from 'commander';
import { messages, suggest, UserError } from '../errors.ts';
import { EXIT } from './context.ts';
import { endWith, exitCode, watchParent, watchStreams } from './endings.ts';
import {
  checkpointOption,
  collect,
  collectAnyNumber,
  collectNumbers,
  dataOption,
  durationOption,
  everyOption,
  fileNameOption,
  flipsOption,
  integerOption,
  leaseOption,
  numberOption,
  portOption,
  replicatesOption,
  scalesOption,
  shardOption,
  stepsOption,
  wordOption,
} from './options.ts';
import { fileOptions } from './file-options.ts';
import { shared } from './shared.ts';
import { versions } from './versions.ts';

/** What a command leaves with; 0 when it returns nothing. */
type Exit = number | void;

const program = new Command('benign')
  .description(
    'A laboratory for benign overfitting: papers reproduced, runs whose cost does not depend on the dimension.',
  )
  .version(versions()['benign-lab'])
  .showHelpAfterError('(add --help for what is allowed)')
  .exitOverride();

let exit: number = EXIT.ok;
const doing =
  <A extends unknown[]>(command: (...args: A) => Promise<Exit>) =>
  async (...args: A): Promise<void> => {
    // Commander hands over the options, then the command.
    const { lab, data = [] } = (args.at(-2) ?? {}) as { readonly lab?: string; readonly data?: readonly string[] };
    if (lab !== undefined) await (await import('./lab.ts')).useLab(lab);
    if (data.length > 0) data.forEach((await import('../data/node/given.ts')).giveData);
    exit = (await command(...args)) ?? EXIT.ok;
  };
/** `--seed S` is `--set seed=S`. */
const seeded = <O extends { set?: string[]; seed?: number }>({ set = [], ...options }: O): O & { set: string[] } =>
  ({ ...options, set: options.seed === undefined ? set : [...set, `seed=${options.seed}`] }) as O & { set: string[] };

shared(program.command('papers'))
  .argument('[ID]', 'a paper')
  .description('what can be reproduced')
  .action(doing(async (id: string | undefined, options) => (await import('./papers.ts')).papers(id, options)));

shared(program.command('cite'))
  .argument('<PAPER>', 'a paper')
  .description('whom to cite: BibTeX')
  .action(doing(async (id: string, options) => (await import('./papers.ts')).cite(id, options)));

shared(program.command('reproduce'))
  .argument('<PAPER[/FIGURE]>', 'see benign papers')
  .description("compute a paper's figure and hold it against the published numbers")
  .option('--variant <V>', 'another variant than the default, see benign papers PAPER')
  .option('--quick', 'a coarse map of the whole range in seconds')
  .option('--runs <R>', 'runs a cell', integerOption('runs'))
  .option('--look <J>', 'which look at growing data this is: the J-th may spend less', everyOption)
  .option('--verdicts <K>', 'verdicts on the page that the report goes to (default: those of the report)', everyOption)
  .addOption(dataOption())
  .option('--against <FILE.csv>', 'compare cell by cell with a table of test errors over the same grid')
  .action(doing(async (name: string, options) => (await import('./reproduce.ts')).reproduce(name, options)));

shared(program.command('run'))
  .argument('<SPEC.yaml>', 'a spec without axes, or with all of them fixed by --set')
  .description('one cell: outcome, verdict, numbers and a figure over time')
  .addOption(dataOption())
  .option('--replay <RUN-ID>', 'make one run of a sweep again, by its id')
  .option('--save-arrays <FILE.npz>', 'the first run as arrays of NumPy: weights before and after, data, coefficients')
  .option('--every <K>', 'with --save-arrays: weights, coefficients and margins every K steps too', stepsOption)
  .addOption(checkpointOption())
  .action(doing(async (file: string, options) => (await import('./run.ts')).run(file, seeded(options))));

shared(program.command('measure'))
  .argument('<WEIGHTS.npz>', 'arrays W, b, a, X, y, W0, mu of NumPy: see the page of commands')
  .argument('<SPEC.yaml>', 'the setting that it was trained in, without axes')
  .description('a network that was trained elsewhere, measured as a run is')
  .addOption(dataOption())
  .action(
    doing(async (file: string, spec: string, options) =>
      (await import('./measure.ts')).measure(file, spec, seeded(options)),
    ),
  );

shared(program.command('theory'))
  .argument('<SPEC.yaml>', 'a spec; of one with axes the first cell')
  .description("what the papers' theorems predict for a setting, before any run")
  .option('--delta <D>', 'failure probability')
  .option('--constants <LIST>', 'values of free constants: C=1,kou-2023.C1=50')
  .option(
    '--critical <SYMBOL>',
    "the symbol whose critical values are wanted (default: that of the paper's own diagram)",
  )
  .option('--all', 'list every statement that is not about this setting')
  .action(doing(async (file: string, options) => (await import('./theory.ts')).theory(file, seeded(options))));

shared(program.command('sweep'))
  .argument('<SPEC.yaml>', 'a spec')
  .description('every run of a spec; goes on where it was')
  .addOption(dataOption())
  .option('--dry-run', 'say what would be made: cells, runs, time and disk; make and write nothing')
  .option('--replicates <A..B>', 'only these replicates of every cell, as in 10..19', replicatesOption)
  .option('--shard <k/K>', 'only every K-th cell, from the k-th on: for a scheduler', shardOption)
  .option('--reuse <DIR>', 'take the records of another folder that fit; may be repeated', collect, [])
  .option('--max-time <T>', 'stop after so long: 90s, 30m, 2h', durationOption)
  .addOption(checkpointOption())
  .option('--retry-failed', 'make runs again that failed in an earlier call')
  .addOption(
    new Option('--lease <S>', 'seconds without a sign of life after which other processes take over')
      .argParser(leaseOption)
      .default(60),
  )
  .action(doing(async (file: string, options) => (await import('./sweep.ts')).sweep(file, seeded(options))));

shared(program.command('variance'))
  .argument('<SPEC.yaml>', 'a spec without axes, or with all of them fixed by --set')
  .description('how much of the spread over runs comes from data, flips and initialisation')
  .addOption(dataOption())
  .option('--of <NAME>', 'which observable', 'testErrorClean')
  .option('--log', 'of its logarithm: for errors that spread over decades')
  .addOption(new Option('--blocks <N>', 'blocks of eight runs').argParser(integerOption('runs')).default(50))
  .action(doing(async (file: string, options) => (await import('./variance.ts')).variance(file, seeded(options))));

shared(program.command('boundary'))
  .argument('<SPEC.yaml>', 'a spec with at least two axes')
  .description('where the error crosses a level: level sets by adaptive sampling')
  .addOption(dataOption())
  .requiredOption('--along <SYMBOL>', 'search along this axis, between its ends')
  .requiredOption('--over <SYMBOL>', 'for each value of this axis')
  .addOption(
    new Option('--level <L>', 'level of the mean error; may be repeated')
      .argParser(collectNumbers(0, 0.5))
      .default([], '0.2'),
  )
  .addOption(
    new Option('--of <ERROR>', 'against observed or against true labels')
      .choices(['testError', 'testErrorClean'])
      .default('testError'),
  )
  .addOption(
    new Option('--precision <P>', 'wanted standard error of log SYMBOL').argParser(numberOption(0, 0.5)).default(0.02),
  )
  .option('--max-runs <N>', 'runs that the folder may come to hold: the search ends there', everyOption)
  .addOption(
    new Option('--confidence <C>', 'of the intervals; 1 - C: chance of any wrong word')
      .argParser(numberOption(0, 1))
      .default(0.95),
  )
  .action(
    doing(async (file: string, options) =>
      (await import('./boundary.ts')).boundary(
        file,
        seeded(options.level.length > 0 ? options : { ...options, level: [0.2] }),
      ),
    ),
  );

shared(program.command('verify'))
  .argument('<SPEC.yaml|DIR>', 'a spec, or a result folder whose records keep series')
  .description('lemmas about trajectories, held against runs')
  .addOption(dataOption())
  .option('--lemma <ID>', 'a lemma, or all of a paper (kou-2023); may be repeated', collect, [])
  .option(
    '--constant <NAME=VALUE>',
    'a constant of the lemmas instead of its preset (C, delta, C5); may be repeated',
    collect,
    [],
  )
  .option(
    '--every <K>',
    'steps between two entries of a series (default: about 200 entries; what is said of steps covers all of them)',
    everyOption,
  )
  .option('--outside', 'lemmas also where their assumptions are not met, and under other step rules: told, not tested')
  .action(doing(async (target: string, options) => (await import('./verify.ts')).verify(target, seeded(options))));

fileOptions(shared(program.command('diagnose')))
  .argument('<DATA>', 'IDX, .npy, .npz, CSV, a batch of CIFAR-10, or a folder of these batches')
  .description('what a two-class data set is like: what theory predicts, and whether overfitting is benign on it')
  .option('--classes <A,B>', 'two labels, or two groups of them as in 0,2/1,3 (default: the two that there are)')
  .option('--n <N>', 'largest number of training points (default: 320, or half of what there is)', everyOption)
  .option('--m <M>', 'filters per class (default: 10)', everyOption)
  .option('--flips <LIST>', 'label noises beside 0 (default: 0.1,0.2,0.3)', flipsOption)
  .option('--runs <R>', 'draws of training and held-out points (default: 32)', everyOption)
  .option('--held-out <K>', 'points for the test error (default: at most 1000)', everyOption)
  .option('--steps <T>', 'cap on the steps of a run (default: 4000)', everyOption)
  .addOption(
    new Option('--centring <WHAT>', 'taken off every point: the mean of the training points, or nothing')
      .choices(['mean', 'none'])
      .default('mean'),
  )
  .option(
    '--divisor <X>',
    'every number is divided by it (default: the root mean square of a norm becomes 1)',
    numberOption(0, Infinity),
  )
  .action(doing(async (file: string, options) => (await import('./diagnose.ts')).diagnose(file, options)));

shared(program.command('figure'))
  .argument('<DIR...>', 'a result folder, or several in one picture')
  .description('draw the figures of a result folder again, or a view of its runs')
  .option('--x <NAME>', 'to the right: a parameter, a column, S, SNR, or a formula: n*mu^4/(sigmaP^4*d)', wordOption)
  .option('--y <NAME>', 'upwards: a measured quantity (curves) or a parameter (a map)', wordOption)
  .option('--color <NAME>', 'what the lines differ in (curves), or the quantity of a map', wordOption)
  .option('--facet <NAME>', 'one panel a value', wordOption)
  .option('--where <CONDITION>', 'only cells that meet it (m=10, d>=400); may be repeated', collect)
  .option('--log <SCALES>', 'logarithmic: x, y, color', scalesOption)
  .option('--symlog <SCALES>', 'linear next to 0: x, y', scalesOption)
  .addOption(new Option('--show <WHAT>', 'of the runs').choices(['means', 'quantiles', 'runs']))
  .option('--level <L>', 'level sets of a map, lines across curves; may be repeated', collectAnyNumber)
  .option('--theory', 'what theorems say of these cells')
  .option('--baselines', 'other classifiers on the same draws')
  .option('--collapse', 'over a parameter, and beside it over --x (default: S)')
  .option('--name <NAME>', 'of the files', fileNameOption)
  .option('--title <TITLE>', 'of the picture')
  .action(doing(async (folders: string[], options) => (await import('./figure.ts')).figure(folders, options)));

shared(program.command('compare'))
  .argument('<A>', 'a result folder')
  .argument('<B>', 'another one')
  .description('two results held against each other, where their cells have the same coordinates')
  .option('--of <OBSERVABLE>', 'what is compared', 'testErrorClean')
  .addOption(
    new Option('--within <X>', 'by how much B may differ and still agree: then the answer is a verdict').argParser(
      numberOption(0, Infinity),
    ),
  )
  .action(doing(async (a: string, b: string, options) => (await import('./compare.ts')).compare(a, b, options)));

shared(program.command('plan'))
  .argument('<SPEC.yaml>', 'a spec')
  .description('how many runs, how much time and disk a difference takes to be told')
  .addOption(dataOption())
  .requiredOption('--difference <X>', 'between two settings, in the observable', numberOption(0, Infinity))
  .option('--of <OBSERVABLE>', 'in which it is', 'testErrorClean')
  .addOption(new Option('--pilot <R>', 'runs of the pilot in each of its cells').argParser(everyOption).default(10))
  .action(doing(async (file: string, options) => (await import('./plan.ts')).plan(file, seeded(options))));

shared(program.command('table'))
  .argument('<DIR>', 'a result folder')
  .description('the results as a table')
  .addOption(
    new Option(
      '--rows <KIND>',
      'one row a cell or one row a run (default: what the command of the folder tells)',
    ).choices(['cells', 'runs']),
  )
  .addOption(
    new Option('--format <F>', 'format').choices(['csv', 'jsonl', 'parquet', 'latex', 'markdown']).default('csv'),
  )
  .action(doing(async (folder: string, options) => (await import('./table.ts')).table(folder, options)));

shared(program.command('notebook'))
  .argument('<DIR>', 'a result folder')
  .description('a Jupyter notebook that reads a result folder with pandas and draws it again')
  .option('--of <OBSERVABLE>', 'what is drawn', 'testErrorClean')
  .action(doing(async (folder: string, options) => (await import('./notebook.ts')).notebook(folder, options)));

shared(program.command('archive'))
  .argument('<DIR>', 'a result folder')
  .description('a result folder as one .zip file with its sums, versions and how it was made')
  .action(doing(async (folder: string, options) => (await import('./archive.ts')).archive(folder, options)));

shared(program.command('slurm'))
  .argument('<SPEC.yaml>', 'a spec')
  .description('a sweep as a job array of Slurm, with tables and figures when it has ended')
  .addOption(dataOption())
  .requiredOption('--shards <K>', 'at most so many, each every K-th cell', everyOption)
  .addOption(
    new Option('--shard-time <T>', 'no shard shorter than this, by a pilot')
      .argParser(durationOption)
      .default(600, '10m'),
  )
  .addOption(new Option('--cpus <C>', 'processors of a shard').argParser(everyOption).default(1))
  .option('--array-limit <N>', 'shards that run at once', everyOption)
  .option('--partition <P>', 'of Slurm')
  .option('--time <T>', 'time limit of a shard, as Slurm writes it; two minutes before it stops and comes again')
  .option('--mem <M>', 'memory of a shard, as Slurm writes it')
  .option('--sbatch <OPTION>', 'a further option of sbatch; may be repeated', collect, [])
  .option('--dry-run', 'write the scripts and say what would be submitted')
  .action(doing(async (file: string, options) => (await import('./slurm.ts')).slurm(file, seeded(options))));

shared(program.command('status'))
  .argument('<DIR>', 'a result folder')
  .description('how far a folder is: runs done, failed and in work, by process, rate and time left')
  .option('--watch', 'again every two seconds, until all is there')
  .action(doing(async (folder: string, options) => (await import('./status.ts')).status(folder, options)));

shared(program.command('doctor'))
  .argument('[DIR]', 'a result folder')
  .description('check this installation and its bits, or a result folder: every line, and runs computed again')
  .addOption(dataOption())
  .option('--sample <N>', 'of a folder: a random sample of so many runs is computed again (default: 20)', everyOption)
  .option('--all', 'of a folder: every run is computed again')
  .action(
    doing(async (folder: string | undefined, options) => {
      if (folder !== undefined) return (await import('./doctor-folder.ts')).doctorFolder(folder, options);
      const lone = ['sample', 'all', 'seed', 'workers', 'lab'].find((name) => options[name] !== undefined);
      if (lone) throw new UserError(messages.needsFolder(`--${lone}`));
      return (await import('./doctor.ts')).doctor(options);
    }),
  );

shared(program.command('lab'))
  .description('the laboratory as a page in your browser, computed there; nothing leaves this machine')
  .option('--port <P>', 'of 127.0.0.1; 0: any that is free (default: 8080, or any that is free)', portOption)
  .action(doing(async (options) => (await import('./lab-page.ts')).labPage(options)));

shared(program.command('new'))
  .argument('[MODEL]', 'a data model', 'signal-noise')
  .description('a first spec of a data model, every line with its meaning')
  .action(doing(async (model: string, options) => (await import('./new.ts')).newSpec(model, options)));

shared(program.command('schema'))
  .description('the JSON Schema of a spec, for editors')
  .action(
    doing(async () => {
      const { specJsonSchema } = await import('../experiments/spec-schema.ts');
      process.stdout.write(`${JSON.stringify(specJsonSchema(), null, 1)}\n`);
    }),
  );

for (const command of program.commands) command.exitOverride().showHelpAfterError('(add --help for what is allowed)');

watchStreams();
watchParent();
process.on('uncaughtException', (error) => {
  endWith(error);
  process.exit();
});

try {
  // commander answers `benign nosuch --help` with the general help and 0: an unknown command is refused first.
  const [first] = process.argv.slice(2);
  const known = [...program.commands.map((command) => command.name()), 'help'];
  if (first !== undefined && !first.startsWith('-') && !known.includes(first))
    throw new UserError(`unknown command ${first}, ${suggest(first, known)}`);
  await program.parseAsync();
  process.exitCode = exitCode(exit);
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = exitCode(error.exitCode === 0 ? EXIT.ok : EXIT.usage);
  else endWith(error);
}
