// Runs the workbench's script on stand-ins for the page's elements, as a person does who has only a keyboard, against a
// server. Arguments: its address, a query, a subscription that ends and one that does not.
// Ends with a line of totals, and with how many checks are not well.
import assert from "node:assert/strict";
import vm from "node:vm";
import WebSocket from "ws";

const [base, query, finite, endless] = process.argv.slice(-4);
const load = async (path) => (await fetch(new URL(path, base))).text();
const [page, script] = await Promise.all([load("/workbench/en"), load("/workbench/script.js")]);

/** What the script uses of an element. */
class Element {
  value = "";
  disabled = false;
  dataset = {};
  #text = "";
  #listeners = {};
  #watching = null;

  get textContent() {
    return this.#text;
  }

  set textContent(text) {
    this.#text = text;
    if (this.#watching?.pattern.test(text)) {
      this.#watching.resolve(text);
      this.#watching = null;
    }
  }

  /** The first text from now on that is like `pattern`. */
  shows(pattern) {
    return new Promise((resolve) => {
      this.#watching = { pattern, resolve };
    });
  }

  addEventListener(type, listener) {
    this.#listeners[type] = listener;
  }

  /** Whether the listener took the event, so that the browser does not act on it. */
  dispatch(type, event = {}) {
    let isTaken = false;
    this.#listeners[type]({ ...event, preventDefault: () => (isTaken = true) });
    return isTaken;
  }

  requestSubmit() {
    assert.ok(this.dispatch("submit"), "the browser would leave the page");
  }
}

/** The page in its first state. */
function open() {
  const elements = {};
  for (const [tag, id] of page.matchAll(/<[^>]* id="([a-z-]+)"[^>]*>/g)) {
    elements[id] = new Element();
    for (const [, name, value] of tag.matchAll(/ data-([a-z]+)="([^"]*)"/g)) {
      elements[id].dataset[name] = value;
    }
    elements[id].disabled = tag.includes(" disabled");
  }
  elements.language.value = "en-CA";
  vm.runInNewContext(script, {
    document: { getElementById: (id) => elements[id] },
    fetch: (path, init) => fetch(new URL(path, base), init),
    location: new URL(base),
    performance,
    WebSocket,
  });
  return elements;
}

/** Types a document and presses Ctrl and Enter. */
function run({ request, document }, text) {
  document.value = text;
  assert.ok(request.dispatch("keydown", { key: "Enter", ctrlKey: true }));
}

const checks = {
  "a query is answered": async () => {
    const elements = open();
    const shown = elements.status.shows(/^200 /);
    run(elements, query);
    assert.match(await shown, /^200 OK, \d+ ms, request [0-9a-f]{32}$/);
    assert.ok(JSON.parse(elements.answer.textContent).data);
  },
  "an answer is in the language that was chosen, to the token that was given": async () => {
    const elements = open();
    [elements.language.value, elements.token.value] = ["fr-CA", "nobody's"];
    const shown = elements.status.shows(/^401 /);
    run(elements, query);
    await shown;
    assert.match(elements.answer.textContent, /Le jeton d’accès n’est pas valide/);
  },
  "a field named subscription is no subscription": async () => {
    const elements = open();
    const shown = elements.status.shows(/^(200|400) /);
    run(elements, 'query Q($a: String = "} subscription") { viewer { id } subscription } # subscription');
    await shown;
    assert.ok(JSON.parse(elements.answer.textContent).errors);
  },
  "variables that are no JSON are told": async () => {
    const elements = open();
    elements.variables.value = "{";
    const shown = elements.status.shows(/SyntaxError/);
    run(elements, query);
    await shown;
  },
  "a subscription is followed to its end": async () => {
    const elements = open();
    const closed = elements.status.shows(/^Closed: /);
    run(elements, finite);
    assert.equal((await closed).trim(), "Closed: 1000");
    assert.equal(elements.answer.textContent.match(/"data"/g).length, 3);
    assert.ok(elements.stop.disabled);
  },
  "a subscription that is refused is told and over": async () => {
    const elements = open();
    const closed = elements.status.shows(/^Closed: /);
    run(elements, "subscription { nothingOfTheKind }");
    await closed;
    assert.match(elements.answer.textContent, /"GRAPHQL_VALIDATION_FAILED"/);
  },
  "a subscription can be stopped": async () => {
    const elements = open();
    const event = elements.status.shows(/^Event 1$/);
    run(elements, endless);
    await event;
    assert.ok(!elements.stop.disabled);
    const closed = elements.status.shows(/^Closed: /);
    elements.stop.dispatch("click");
    await closed;
    assert.ok(elements.stop.disabled);
  },
  "another operation ends a subscription": async () => {
    const elements = open();
    const event = elements.status.shows(/^Event 1$/);
    run(elements, endless);
    await event;
    const answered = elements.status.shows(/^200 /);
    run(elements, query);
    const told = await answered;
    assert.ok(elements.stop.disabled);
    assert.equal(elements.status.textContent, told);
  },
};

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
  } catch (error) {
    failed += 1;
    console.log(`failed: ${name}: ${error.message}`);
  }
}
const total = Object.keys(checks).length;
console.log(`workbench: ${total - failed} of ${total} checks are well`);
process.exitCode = failed;
