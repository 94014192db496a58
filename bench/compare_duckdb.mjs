// A query a line in; its time in milliseconds and a hash of its sorted rows out.
import { DuckDBInstance } from '@duckdb/node-api';
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';

const instance = await DuckDBInstance.create(process.argv[2], { threads: '2' });
const connection = await instance.connect();

for await (const query of createInterface({ input: process.stdin })) {
	try {
		const start = process.hrtime.bigint();
		const reader = await connection.runAndReadAll(query);
		const ms = Number(process.hrtime.bigint() - start) / 1e6;
		const rows = reader.getRows().map((row) => row.map(String).join('|')).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
		const text = rows.length ? rows.join('\n') + '\n' : '';
		console.log(`${ms.toFixed(3)} ${createHash('md5').update(text).digest('hex').slice(0, 12)}`);
	} catch (error) {
		console.log(`error ${String(error).replaceAll('\n', ' ')}`);
	}
}
