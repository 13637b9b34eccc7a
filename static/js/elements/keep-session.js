/** A request of ours kept the session alive: tell the timers of this and the other tabs. */
export function sessionWasUsed() {
  const timer = document.querySelector("session-timer");
  if (!timer) return;
  const channel = new BroadcastChannel("session");
  channel.postMessage(Number(timer.dataset.idleSeconds));
  channel.close();
}
