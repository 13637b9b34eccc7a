// Pages of certificates: {% block scripts %}<script type="module" src="{% static 'js/certificates.js' %}"></script>
import "./elements/auto-download.js";
