// Shows the state as text, until there is a page. Also the shortest example of a client.
const said = document.getElementById('said');
const shown = document.getElementById('state');
let state = {};
let heard = 0;

function place(pointer) {
  const names = pointer.split('/').slice(1).map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = names.pop();
  return [names.reduce((value, name) => value[name], state), last];
}

function take(message) {
  heard = performance.now();
  if (message.type === 'state') state = message.state;
  if (message.type === 'change') {
    for (const pointer of message.gone) { const [parent, name] = place(pointer); delete parent[name]; }
    for (const [pointer, value] of Object.entries(message.set)) { const [parent, name] = place(pointer); parent[name] = value; }
  }
  if (message.type === 'goodbye') said.textContent = message.why;
  if (message.type === 'state' || message.type === 'change') shown.textContent = JSON.stringify(state, null, 1);
}

function connect() {
  const socket = new WebSocket(`ws://${location.host}/api/socket`);
  socket.onmessage = (event) => take(JSON.parse(event.data));
  socket.onclose = () => setTimeout(connect, 500);
}

setInterval(() => {
  const gone = performance.now() - heard > 1000;
  said.textContent = gone ? 'Hitpoint does not answer.' : state.daemon?.there ? 'Connected.' : state.daemon?.why ?? '';
}, 250);
connect();
