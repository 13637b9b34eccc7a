/**
 * Warns before a session ends and extends it without leaving the page.
 * The server's own count decides; every page that it sends starts it anew, and other tabs tell
 * theirs through the channel.
 */
const SECOND = 1000;

class SessionTimer extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.status = this.querySelector("[data-status]");
    this.channel = new BroadcastChannel("session");
    this.channel.addEventListener("message", (event) => this.restart(event.data));
    this.querySelector("[data-extend]").addEventListener("click", () => this.extend());
    this.querySelector("[data-log-out]").addEventListener("click", () => this.logOut());
    this.dialog.addEventListener("cancel", () => this.extend());
    this.restart();
    this.channel.postMessage(Number(this.dataset.idleSeconds));
    this.ticking = setInterval(() => this.tick(), SECOND);
  }

  disconnectedCallback() {
    clearInterval(this.ticking);
    this.channel.close();
  }

  restart(seconds = Number(this.dataset.idleSeconds)) {
    this.endsAt = Date.now() + seconds * SECOND;
    this.status.textContent = "";
    if (this.dialog.open) this.dialog.close();
  }

  tick() {
    const left = Math.ceil((this.endsAt - Date.now()) / SECOND);
    if (left > Number(this.dataset.warningSeconds)) return;
    if (left <= 0) {
      location.assign(`${this.dataset.loginUrl}?next=${encodeURIComponent(location.pathname + location.search)}`);
      clearInterval(this.ticking);
      return;
    }
    const minutes = Math.floor(left / 60);
    this.querySelector("[data-left]").textContent = `${minutes ? `${minutes}분 ` : ""}${left % 60}초`;
    if (!this.dialog.open) this.dialog.showModal();
  }

  async extend() {
    const token = document.querySelector("input[name=csrfmiddlewaretoken]");
    const answer = await fetch(this.dataset.extendUrl, {
      method: "POST",
      headers: { "X-CSRFToken": token ? token.value : "", Accept: "application/json" },
      redirect: "error",
    })
      .then((response) => (response.ok ? response.json() : null))
      .catch(() => null);
    if (answer?.seconds > 0) {
      this.restart(answer.seconds);
      this.channel.postMessage(answer.seconds);
    } else {
      this.status.textContent = "연장하지 못했습니다. 입력한 내용을 따로 저장하고 다시 로그인해 주십시오.";
      if (!this.dialog.open) this.dialog.showModal();
    }
  }

  logOut() {
    document.querySelector("form[data-log-out-form]").requestSubmit();
  }
}

customElements.define("session-timer", SessionTimer);
