// Checks a server against the protocol graphql-transport-ws (PROTOCOL.md of npm's graphql-ws), message by message, and with
// the protocol's own client. Arguments: its address, a query, a subscription that ends and one that does not.
// Ends with a line of totals, and with how many checks are not well.
import assert from "node:assert/strict";
import { once } from "node:events";
import { setTimeout as after } from "node:timers/promises";
import { createClient } from "graphql-ws";
import WebSocket from "ws";

const [url, query, finite, endless] = process.argv.slice(-4);
const PROTOCOL = "graphql-transport-ws";
/** A server that says nothing for so long has failed, in ms; the longest that the protocol's server may wait is 5 s. */
const PATIENCE = 30_000;
const IDLE_SOCKETS = 500;

/** A socket and what it hears: messages, then `{ closed: code }`. */
class Conversation {
  #socket;
  #heard = [];
  #waiting = [];

  constructor(socket) {
    this.#socket = socket;
    socket.on("message", (data) => this.#take(JSON.parse(data)));
    socket.on("close", (closed) => this.#take({ closed }));
    // A connection that breaks is told by `close`.
    socket.on("error", () => {});
  }

  #take(message) {
    const waiting = this.#waiting.shift();
    if (waiting) {
      waiting(message);
    } else {
      this.#heard.push(message);
    }
  }

  get protocol() {
    return this.#socket.protocol;
  }

  say(message) {
    this.#socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  subscribe(id, document) {
    this.say({ id, type: "subscribe", payload: { query: document } });
  }

  async hear() {
    return this.#heard.shift() ?? new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** The code with which the server closes, whatever it says before. */
  async closed() {
    for (;;) {
      const { closed } = await this.hear();
      if (closed) {
        return closed;
      }
    }
  }

  /** Fails when anything but a pong comes next. */
  async isAlive() {
    this.say({ type: "ping" });
    assert.deepEqual(await this.hear(), { type: "pong" });
  }
}

/** Opens sockets for one check, and drops them at its end. */
class Sockets {
  #opened = [];

  async open(protocol = PROTOCOL, options = {}) {
    const socket = new WebSocket(url, protocol, options);
    this.#opened.push(socket);
    const conversation = new Conversation(socket);
    await once(socket, "open");
    return conversation;
  }

  /** A socket that was acknowledged. */
  async ready() {
    const conversation = await this.open();
    conversation.say({ type: "connection_init" });
    assert.deepEqual(await conversation.hear(), { type: "connection_ack" });
    return conversation;
  }

  drop() {
    for (const socket of this.#opened.splice(0)) {
      socket.terminate();
    }
  }
}

/** What a message that is none closes an acknowledged socket with. */
const refused = (message) => async (sockets) => {
  const socket = await sockets.ready();
  socket.say(message);
  assert.equal(await socket.closed(), 4400);
};

const checks = {
  "the handshake agrees on the sub-protocol": async (sockets) => {
    const socket = await sockets.open();
    assert.equal(socket.protocol, PROTOCOL);
  },
  "the handshake refuses another sub-protocol": async (sockets) => {
    await assert.rejects(sockets.open("graphql-ws"), /server response: 4\d\d/);
  },
  "the handshake refuses the origin of another site": async (sockets) => {
    const open = sockets.open(PROTOCOL, { origin: "https://elsewhere.example" });
    await assert.rejects(open, /server response: 403/);
  },
  "connection_init is acknowledged": async (sockets) => {
    await sockets.ready();
  },
  "a second connection_init closes with 4429": async (sockets) => {
    const socket = await sockets.ready();
    socket.say({ type: "connection_init" });
    assert.equal(await socket.closed(), 4429);
  },
  "who never sends connection_init is closed with 4408": async (sockets) => {
    const socket = await sockets.open();
    assert.equal(await socket.closed(), 4408);
  },
  "subscribe before connection_init closes with 4401": async (sockets) => {
    const socket = await sockets.open();
    socket.subscribe("a", query);
    assert.equal(await socket.closed(), 4401);
  },
  "ping is answered": async (sockets) => {
    const socket = await sockets.ready();
    await socket.isAlive();
  },
  "ping is answered before connection_init": async (sockets) => {
    const socket = await sockets.open();
    await socket.isAlive();
  },
  "pong that nobody asked for is taken": async (sockets) => {
    const socket = await sockets.ready();
    socket.say({ type: "pong" });
    await socket.isAlive();
  },
  "what is no JSON closes with 4400": refused("{nope"),
  "a message of an unknown type closes with 4400": refused({ type: "start" }),
  "subscribe without an id closes with 4400": refused({ type: "subscribe", payload: { query } }),
  "subscribe without a document closes with 4400": refused({ id: "a", type: "subscribe", payload: {} }),
  "complete of what does not run is taken": async (sockets) => {
    const socket = await sockets.ready();
    socket.say({ id: "a", type: "complete" });
    await socket.isAlive();
  },
  "a query is answered once and completed": async (sockets) => {
    const socket = await sockets.ready();
    socket.subscribe("a", query);
    const { payload, ...message } = await socket.hear();
    assert.deepEqual(message, { id: "a", type: "next" });
    assert.ok(payload.data && !payload.errors, JSON.stringify(payload));
    assert.deepEqual(await socket.hear(), { id: "a", type: "complete" });
    await socket.isAlive();
  },
  "a document that does not hold is an error, which is the last word": async (sockets) => {
    const socket = await sockets.ready();
    socket.subscribe("a", "{ nothingOfTheKind }");
    const { payload, ...message } = await socket.hear();
    assert.deepEqual(message, { id: "a", type: "error" });
    assert.ok(payload.length > 0 && payload.every((error) => typeof error.message === "string"));
    await socket.isAlive();
  },
  "a subscription is told event by event and completed": async (sockets) => {
    const socket = await sockets.ready();
    socket.subscribe("a", finite);
    let [message, events] = [await socket.hear(), 0];
    while (message.type === "next") {
      assert.ok(message.id === "a" && message.payload.data, JSON.stringify(message));
      [message, events] = [await socket.hear(), events + 1];
    }
    assert.deepEqual(message, { id: "a", type: "complete" });
    assert.ok(events > 1, `${events} events`);
  },
  "an id that is in use closes with 4409": async (sockets) => {
    const socket = await sockets.ready();
    socket.subscribe("a", endless);
    socket.subscribe("a", endless);
    assert.equal(await socket.closed(), 4409);
  },
  "complete ends a subscription": async (sockets) => {
    const socket = await sockets.ready();
    socket.subscribe("a", endless);
    assert.equal((await socket.hear()).type, "next");
    socket.say({ id: "a", type: "complete" });
    socket.say({ type: "ping" });
    // Events that were on their way may come before the pong; after it, and for all that another query takes, none.
    let message = await socket.hear();
    while (message.type !== "pong") {
      assert.deepEqual([message.id, message.type], ["a", "next"]);
      message = await socket.hear();
    }
    socket.subscribe("b", query);
    assert.deepEqual([(await socket.hear()).id, (await socket.hear()).id], ["b", "b"]);
    await socket.isAlive();
  },
  "an id is free again once it is completed": async (sockets) => {
    const socket = await sockets.ready();
    for (const _ of [1, 2]) {
      socket.subscribe("a", query);
      assert.deepEqual([(await socket.hear()).type, (await socket.hear()).type], ["next", "complete"]);
    }
  },
  "a connection_init of 1 MiB harms nobody else": async (sockets) => {
    const [huge, other] = [await sockets.open(), await sockets.ready()];
    huge.say({ type: "connection_init", payload: { filler: "a".repeat(1 << 20) } });
    assert.ok(await huge.closed());
    await other.isAlive();
  },
  [`${IDLE_SOCKETS} sockets that are opened and dropped harm nobody else`]: async (sockets) => {
    const crowd = new Sockets();
    await Promise.all(Array.from({ length: IDLE_SOCKETS }, () => crowd.open()));
    crowd.drop();
    await sockets.ready();
  },
  "the client of npm's graphql-ws gets an answer, and every event": async () => {
    const client = createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0 });
    for (const [document, least] of [[query, 1], [finite, 2]]) {
      let events = 0;
      for await (const { data, errors } of client.iterate({ query: document })) {
        assert.ok(data && !errors, JSON.stringify(errors));
        events += 1;
      }
      assert.ok(events >= least, `${events} events`);
    }
    await client.dispose();
  },
};

/** Why a check fails; undefined when it is well. */
async function failure(check) {
  const sockets = new Sockets();
  const clock = new AbortController();
  const silence = after(PATIENCE, undefined, { signal: clock.signal }).then(() => {
    throw new Error(`nothing came within ${PATIENCE} ms`);
  });
  try {
    await Promise.race([check(sockets), silence]);
  } catch (error) {
    return error;
  } finally {
    clock.abort();
    silence.catch(() => {});
    sockets.drop();
  }
}

// One after the other: on a busy machine a crowd would keep the others from their first message in time.
const outcomes = [];
for (const [name, check] of Object.entries(checks)) {
  outcomes.push({ name, reason: await failure(check) });
}
const failed = outcomes.filter(({ reason }) => reason);
for (const { name, reason } of failed) {
  console.log(`failed: ${name}: ${reason.message ?? JSON.stringify(reason)}`);
}
console.log(`${PROTOCOL}: ${outcomes.length - failed.length} of ${outcomes.length} checks are well`);
process.exitCode = failed.length;
