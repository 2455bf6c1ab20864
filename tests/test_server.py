from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from civic_assistant.messages import PAGE_LANGUAGES
from tests.chat.fakes import Condition, FixedProduct, page_app, page_settings


@pytest.fixture
def product() -> FixedProduct:
    return FixedProduct(page_settings())


@pytest.fixture
async def page(product: FixedProduct) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(page_app(product))
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.example") as client:
        yield client


async def test_health_says_whether_questions_can_be_answered(
    page: httpx.AsyncClient, product: FixedProduct
) -> None:
    well = await page.get("/health")
    assert (well.status_code, well.json()["edition"]) == (200, 3)
    product.condition = Condition(False, None, 0, "nothing is published")
    ill = await page.get("/health")
    assert (ill.status_code, ill.json()["can_answer"]) == (503, False)


@pytest.mark.parametrize("language", PAGE_LANGUAGES)
async def test_the_privacy_notice_is_there_in_every_language(
    page: httpx.AsyncClient, language: str
) -> None:
    told = await page.get("/privacy", params={"lang": language})
    assert f'<html lang="{language}"' in told.text
    assert "90" in told.text and "{" not in told.text
    assert "default-src 'none'" in told.headers["content-security-policy"]


async def test_the_privacy_notice_follows_the_browser_when_nothing_is_asked(
    page: httpx.AsyncClient,
) -> None:
    told = await page.get("/privacy?lang=xx", headers={"accept-language": "ar-MA,fr;q=0.5"})
    assert '<html lang="ar" dir="rtl">' in told.text


async def test_documents_of_the_live_edition_are_served_and_nothing_else(
    page: httpx.AsyncClient, product: FixedProduct, tmp_path: Path
) -> None:
    leaflet = tmp_path / "fr.pdf"
    leaflet.write_bytes(b"%PDF-1.7")
    source = tmp_path / "fr.html"
    source.write_text("<script>alert(1)</script>", encoding="utf-8")
    product.documents = {("stationnement", "fr"): leaflet, ("piscine", "fr"): source}
    served = await page.get("/documents/stationnement/fr.pdf")
    assert served.headers["content-type"] == "application/pdf"
    for missing in (
        "stationnement/en.pdf",
        "stationnement/fr.docx",
        "piscine/fr.html",
        "piscine/fr.pdf",
        "..%2F..%2Fetc/passwd.pdf",
    ):
        assert (await page.get(f"/documents/{missing}")).status_code == 404


async def test_the_page_brings_its_policy_and_its_script(page: httpx.AsyncClient) -> None:
    shown = await page.get("/")
    assert shown.status_code == 200 and "/public/site.js" in shown.text
    policy = shown.headers["content-security-policy"]
    assert "frame-ancestors 'self' https://www.vaubreuil.example" in policy
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
    assert shown.headers["x-content-type-options"] == "nosniff"


async def test_assets_are_served_compressed_and_kept_by_the_browser(
    page: httpx.AsyncClient,
) -> None:
    shown = (await page.get("/")).text
    asset = next(part for part in shown.split('"') if part.startswith("/assets/"))
    packed = await page.get(asset, headers={"accept-encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "immutable" in packed.headers["cache-control"]
    unpacked = await page.get(asset, headers={"accept-encoding": "identity"})
    assert unpacked.text == packed.text


@pytest.mark.parametrize(
    "path",
    ["/docs", "/openapi.json", "/login", "/mcp", "/copilot/index.js", "/project/file/x", "/any"],
)
async def test_what_the_page_does_not_use_is_closed(page: httpx.AsyncClient, path: str) -> None:
    assert (await page.get(path)).status_code == 404
    assert (await page.post(path, json={})).status_code in (404, 405)


async def test_a_foreign_page_can_neither_connect_nor_act(page: httpx.AsyncClient) -> None:
    evil = {"origin": "https://evil.example"}
    polled = await page.get("/ws/socket.io/?EIO=4&transport=polling", headers=evil)
    acted = await page.post("/project/action", json={}, headers=evil)
    assert (polled.status_code, acted.status_code) == (403, 403)


async def test_a_body_beyond_the_limit_is_refused(page: httpx.AsyncClient) -> None:
    large = await page.post("/project/action", content=b"x" * 70_000)
    assert large.status_code == 413
