// node.js: reads and filters the views for BI, then writes two marks.  See drivers.sh.
//
// node.js PUPIL KEYS: KEYS has VIEW.KEY words.
const { Client } = require('pg');
const [pupil, keys] = process.argv.slice(2);

async function main() {
  const client = new Client({ host: process.env.PGHOST });
  await client.connect();
  for (const word of keys.split(' ')) {
    const [view, key] = word.split('.');
    const all = await client.query(`SELECT * FROM ${view} ORDER BY ${key}`);
    let sum = 0;
    for (const row of all.rows) {
      // a bigint would be a string
      if (typeof row[key] !== 'number') throw new Error(`${view}.${key} is ${typeof row[key]}`);
      sum += row[key];
    }
    const one = await client.query(`SELECT * FROM ${view} WHERE ${key} = $1`, [all.rows[0][key]]);
    console.log(view, all.fields.length, all.rowCount, sum, one.rowCount);
  }
  const found = await client.query(
    'SELECT session_key FROM bi_session WHERE mark_code = $1 AND calendar_date = $2', ['/', '2025-09-08']);
  console.log('filter', found.rowCount);
  for (const [session, code] of [['AM', '/'], ['PM', 'C2']]) {
    await client.query('INSERT INTO mark (school_urn, pupil_id, day, session, mark) VALUES ($1, $2, $3, $4, $5)',
      [100001, Number(pupil), '2025-09-12', session, code]);
  }
  const marks = await client.query(
    `SELECT s.mark_code FROM bi_session s JOIN pupil p ON p.pupil_key = s.pupil_key
     WHERE p.pupil_id = $1 AND s.mark_code <> '-' ORDER BY s.session_key`, [pupil]);
  console.log('marks', ...marks.rows.map((row) => row.mark_code));
  await client.end();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
