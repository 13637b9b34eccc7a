/** Tells the server that a notice is being read; without scripts nobody is counted. */
class ViewCount extends HTMLElement {
  connectedCallback() {
    navigator.sendBeacon(this.dataset.url);
  }
}

customElements.define("view-count", ViewCount);
