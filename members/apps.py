from django.apps import AppConfig


class MembersConfig(AppConfig):
    """Who: people, companies, agencies, consents, proof, private files, mail outbox."""

    name = "members"
    verbose_name = "회원"
