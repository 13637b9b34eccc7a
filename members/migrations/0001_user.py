"""The user model alone: Wagtail's migrations refer to it, everything else of ours comes after."""

import uuid

import django.core.validators
import django.utils.timezone
from django.db import migrations, models

import members.encryption


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        max_length=20,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z][a-z0-9]{5,19}$",
                                "아이디는 영문 소문자로 시작하고 영문 소문자와 숫자 6~20자로 만들어 주십시오.",
                            )
                        ],
                        verbose_name="아이디",
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=60, verbose_name="이름")),
                (
                    "name_en",
                    models.CharField(blank=True, max_length=120, verbose_name="이름(영문)"),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="전자우편")),
                ("department", models.CharField(blank=True, max_length=60, verbose_name="부서")),
                ("position", models.CharField(blank=True, max_length=60, verbose_name="직위")),
                ("phone", members.encryption.EncryptedTextField(blank=True, verbose_name="연락처")),
                (
                    "mobile",
                    members.encryption.EncryptedTextField(blank=True, verbose_name="휴대폰"),
                ),
                (
                    "mobile_hash",
                    models.CharField(blank=True, db_index=True, editable=False, max_length=64),
                ),
                (
                    "is_company_master",
                    models.BooleanField(default=False, verbose_name="대표 담당자"),
                ),
                (
                    "staff_role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("officer", "기관 담당자"),
                            ("manager", "기관 책임자"),
                            ("comms", "홍보 담당자"),
                            ("operator", "운영자"),
                        ],
                        max_length=20,
                        verbose_name="역할",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="사용 중")),
                (
                    "date_joined",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="가입 시각"
                    ),
                ),
                (
                    "password_changed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="비밀번호 변경 시각"),
                ),
                (
                    "must_change_password",
                    models.BooleanField(default=False, verbose_name="비밀번호 변경 필요"),
                ),
                (
                    "temporary_password_expires_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="임시 비밀번호 만료"),
                ),
                (
                    "closed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="탈퇴 시각"),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "사용자",
                "verbose_name_plural": "사용자",
            },
        ),
    ]
