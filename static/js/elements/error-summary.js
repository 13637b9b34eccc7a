/** Takes the focus when a form comes back with errors, and sends it on to a control. */
class ErrorSummary extends HTMLElement {
  connectedCallback() {
    this.firstElementChild.focus();
    this.addEventListener("click", (event) => {
      const link = event.target.closest("a");
      const control = link && document.getElementById(link.hash.slice(1));
      if (!control) return;
      event.preventDefault();
      (control.closest(".field, fieldset") || control).scrollIntoView({ block: "start" });
      control.focus({ preventScroll: true });
    });
  }
}

customElements.define("error-summary", ErrorSummary);
