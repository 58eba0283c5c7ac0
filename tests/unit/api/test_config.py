"""Settings come from the environment, and what cannot be meant stops the start."""

import pytest

from api.config import ROOT, BadSetting, Settings


def test_nothing_set_means_a_file_beside_the_source():
    settings = Settings.from_environment({})
    assert settings.database_url == f"sqlite:///{ROOT / 'var' / 'zhili.db'}"
    assert settings.data_root == ROOT
    assert (settings.proxies, settings.docs, settings.virtual_clock) == (0, True, False)


def test_every_setting_is_read(tmp_path):
    settings = Settings.from_environment(
        {
            "ZHILI_DATABASE_URL": "postgresql://zhili@db/zhili",
            "ZHILI_DATA_ROOT": str(tmp_path),
            "ZHILI_ALLOWED_ORIGINS": "https://a.example, https://b.example:8443/",
            "ZHILI_TRUSTED_PROXIES": "1",
            "ZHILI_DOCS": "off",
            "ZHILI_CLOCK": "virtual",
            "ZHILI_REQUEST_LIMIT_MB": "32",
        }
    )
    assert settings.allowed_origins == {"https://a.example", "https://b.example:8443"}
    assert (settings.proxies, settings.docs, settings.virtual_clock) == (1, False, True)
    assert settings.request_limit == 32 * 1024 * 1024


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ZHILI_DATABASE_URL", "mysql://root@db/x"),
        ("ZHILI_DATABASE_URL", "zhili.db"),
        ("ZHILI_DATA_ROOT", "/no/such/folder"),
        ("ZHILI_ALLOWED_ORIGINS", "*"),
        ("ZHILI_ALLOWED_ORIGINS", "https://a.example/path"),
        ("ZHILI_TRUSTED_PROXIES", "many"),
        ("ZHILI_TRUSTED_PROXIES", "-1"),
        ("ZHILI_TRUSTED_PROXIES", "99"),
        ("ZHILI_TRUSTED_PROXIES", "１"),
        ("ZHILI_DOCS", "maybe"),
        ("ZHILI_CLOCK", "sundial"),
        ("ZHILI_REQUEST_LIMIT_MB", "0"),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused_by_name(name, value):
    with pytest.raises(BadSetting, match=name):
        Settings.from_environment({name: value})


def test_a_refused_database_address_keeps_its_password():
    with pytest.raises(BadSetting) as refused:
        Settings.from_environment({"ZHILI_DATABASE_URL": "mysql://root:secret@db/x"})
    assert "secret" not in str(refused.value)
