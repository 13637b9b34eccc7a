/** The main menu: one folded part at a time, closed by Escape and by a click elsewhere. */
class SiteMenu extends HTMLElement {
  connectedCallback() {
    this.parts = [...this.querySelectorAll("details")];
    this.addEventListener("toggle", (event) => this.keepOne(event.target), true);
    this.addEventListener("keydown", (event) => this.onKey(event));
    document.addEventListener("click", (event) => {
      if (!this.contains(event.target)) this.closeAll();
    });
  }

  keepOne(opened) {
    if (!opened.open) return;
    for (const part of this.parts) if (part !== opened) part.open = false;
  }

  onKey(event) {
    const part = event.target.closest("details[open]");
    if (event.key !== "Escape" || !part) return;
    event.preventDefault();
    part.open = false;
    part.querySelector("summary").focus();
  }

  closeAll() {
    for (const part of this.parts) part.open = false;
  }
}

customElements.define("site-menu", SiteMenu);
