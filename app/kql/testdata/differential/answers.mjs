// Writes the oracle's answers to generated cases. It runs in a copy of the oracle:
//   node answers.mjs cases.json
// cases.json: [{dir, full: [{nullKeys, out}], sql: [{out, input, ...options of run.mjs}]}]. Input is dir/processes.csv and
// dir/network.csv unless said otherwise; "full" asks the KQL engine for all 126 columns, "sql" DuckDB for 27.
import fs from 'fs';
import { Engine, loadTable, project } from './kqlrun.mjs';
import { runSql } from './run.mjs';
import { csvEscape, canonDatetime } from './csv.mjs';

const query = fs.readFileSync(new URL('./seed.kql', import.meta.url), 'utf8');
const now = '2026-11-21T12:00:00Z';
const inOrder = (a, b) => { for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1; return 0; };

for (const c of JSON.parse(fs.readFileSync(process.argv[2], 'utf8'))) {
  const processes = `${c.dir}/processes.csv`, network = `${c.dir}/network.csv`;
  if (c.full?.length) {
    const tables = { DeviceProcessEvents: loadTable(processes, 'DeviceProcessEvents'), DeviceNetworkEvents: loadTable(network, 'DeviceNetworkEvents') };
    for (const f of c.full) {
      const result = new Engine({ tables, now: canonDatetime(now), nullKeys: f.nullKeys }).run(query);
      const names = result.cols.map(col => col.name);
      const rows = project(result, names).sort(inOrder);
      fs.writeFileSync(`${c.dir}/${f.out}`, [names.join(',')].concat(rows.map(r => r.map(csvEscape).join(','))).join('\n') + '\n');
    }
  }
  for (const { out, input = ['processes.csv', 'network.csv'], ...options } of c.sql ?? []) {
    const [p, n] = input.map(name => `${c.dir}/${name}`);
    const result = await runSql({ ...options, processes: p, network: n, now });
    fs.writeFileSync(`${c.dir}/${out}`, result.text);
  }
}
