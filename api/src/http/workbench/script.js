// Sends what is typed to the API: queries and mutations by POST, subscriptions over graphql-transport-ws. Nothing is kept.
"use strict";

const field = (id) => document.getElementById(id);
const [form, stop, status, answer] = ["request", "stop", "status", "answer"].map(field);
let socket = null;

/** The operation as the API takes it; throws when the variables are no JSON. */
function operation() {
  const variables = field("variables").value.trim();
  return { query: field("document").value, variables: variables ? JSON.parse(variables) : {} };
}

function authorization() {
  const token = field("token").value.trim();
  return token ? `Bearer ${token}` : null;
}

/** Whether the document's operation is a subscription: a definition begins so, outside of braces and brackets. */
function isSubscription(query) {
  const text = query.replace(/"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"|#.*/g, " ");
  let depth = 0;
  let isBegin = true;
  for (const [token] of text.matchAll(/\w+|[(){}]/g)) {
    if (token === "(" || token === "{") {
      depth += 1;
      isBegin = false;
    } else if (token === ")" || token === "}") {
      depth -= 1;
      isBegin = depth === 0 && token === "}";
    } else if (isBegin && token === "subscription") {
      return true;
    } else {
      isBegin = false;
    }
  }
  return false;
}

async function post(call) {
  const headers = { "content-type": "application/json", "accept-language": field("language").value };
  const bearer = authorization();
  if (bearer) {
    headers.authorization = bearer;
  }
  const begin = performance.now();
  const response = await fetch("/graphql", { method: "POST", headers, body: JSON.stringify(call) });
  const text = await response.text();
  const time = Math.round(performance.now() - begin);
  const id = response.headers.get("x-request-id");
  status.textContent = `${response.status} ${response.statusText}, ${time} ms, ${status.dataset.request} ${id}`;
  answer.textContent = pretty(text);
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function follow(call) {
  answer.textContent = "";
  const address = location.origin.replace(/^http/, "ws") + "/graphql";
  const opened = new WebSocket(address, "graphql-transport-ws");
  const send = (message) => opened.send(JSON.stringify(message));
  socket = opened;
  stop.disabled = false;
  let events = 0;
  opened.onopen = () => {
    const bearer = authorization();
    send({ type: "connection_init", ...(bearer && { payload: { authorization: bearer } }) });
  };
  opened.onmessage = ({ data }) => {
    const { type, payload } = JSON.parse(data);
    if (type === "connection_ack") {
      send({ id: "1", type: "subscribe", payload: call });
      status.textContent = status.dataset.waiting;
    } else if (type === "ping") {
      send({ type: "pong" });
    } else if (type === "next" || type === "error") {
      events += 1;
      status.textContent = `${status.dataset.event} ${events}`;
      answer.textContent = `${JSON.stringify(payload, null, 2)}\n${answer.textContent}`;
    }
    if (type === "complete" || type === "error") {
      opened.close(1000);
    }
  };
  opened.onclose = ({ code, reason }) => {
    if (socket === opened) {
      leave();
      status.textContent = `${status.dataset.closed}: ${code} ${reason}`;
    }
  };
}

/** Forgets the socket; what it says at its end is not shown any more. */
function leave() {
  socket?.close(1000);
  socket = null;
  stop.disabled = true;
}

async function run() {
  leave();
  status.textContent = "…";
  try {
    const call = operation();
    if (isSubscription(call.query)) {
      follow(call);
    } else {
      await post(call);
    }
  } catch (error) {
    status.textContent = String(error);
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  }
});
stop.addEventListener("click", () => socket?.close(1000));
