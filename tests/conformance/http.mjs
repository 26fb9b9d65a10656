// Runs the audits of npm's graphql-http, of the specification "GraphQL over HTTP", against a server.
// Arguments: its address. Ends with a line of totals, and with 1 unless every audit is well and without a remark.
import { auditServer } from "graphql-http";

const url = process.argv.at(-1);
const responses = [];
const fetchFn = async (...request) => {
  const response = await fetch(...request);
  responses.push(response);
  return response;
};
const results = await auditServer({ url, fetchFn });
// A body that no audit has read would keep its connection, and this process.
await Promise.all(responses.filter(({ bodyUsed }) => !bodyUsed).map(({ body }) => body?.cancel()));
const of = (status) => results.filter((result) => result.status === status);
for (const { id, name, status, reason } of results) {
  if (status !== "ok") {
    console.log(`${status} ${id} ${name}: ${reason}`);
  }
}
const totals = `${of("notice").length} notices, ${of("warn").length} warnings, ${of("error").length} errors`;
console.log(`GraphQL over HTTP: ${of("ok").length} of ${results.length} audits are well; ${totals}`);
process.exitCode = of("ok").length === results.length ? 0 : 1;
