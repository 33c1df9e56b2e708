// Follows the hub's notices, and comes back when the connection or the hub went away.

const LONGEST_PAUSE = 10000;

export function follow({ opened, closed, received }) {
  let pause = 500;
  const connect = () => {
    const socket = new WebSocket(`ws://${location.host}/api/hub/notices`);
    socket.onopen = () => {
      pause = 500;
      opened();
    };
    socket.onmessage = (message) => received(JSON.parse(message.data));
    socket.onclose = () => {
      closed();
      setTimeout(connect, pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    };
  };
  connect();
}
