from __future__ import annotations

from tests.desk.conftest import Town


def test_the_waiting_list_shows_reason_language_and_waiting_time(town_desk: Town) -> None:
    agent = town_desk.agent()
    town_desk.citizen_waits("كيف أجدد بطاقتي؟", language="ar")
    town_desk.clock.pass_minutes(7)
    row = agent.page("/").select_one("#list .row")
    assert row is not None
    text = " ".join(row.get_text(" ").split())
    assert "Demande une personne" in text and "arabe" in text and "7 min" in text
    words = row.select_one(".row-text")
    assert words is not None and (words["lang"], words["dir"]) == ("ar", "auto")


def test_a_conversation_from_claim_to_close(town_desk: Town) -> None:
    agent = town_desk.agent()
    cid = town_desk.citizen_waits()
    claimed = agent.post("/claim-next")
    assert claimed.json() == {"location": f"/desk/conversations/{cid}"}
    town_desk.citizen_writes(cid, "Vous êtes là ?")
    answer = agent.post(f"/conversations/{cid}/reply", client_id="r-1", text="Oui, bonjour.")
    assert answer.json() == {"location": None}
    shown = [
        part.get_text(" ", strip=True)
        for part in agent.page(f"/conversations/{cid}").select(".message .text")
    ]
    assert shown == ["Où faire ma carte ?", "Vous êtes là ?", "Oui, bonjour."]
    closed = agent.post(f"/conversations/{cid}/close", reason="solved")
    assert closed.json() == {"location": "/desk/"}
    record = town_desk.product.handoff.handoffs.latest(cid)
    assert record is not None and record.close_reason == "solved"
    assert ("agent", "Oui, bonjour.") in town_desk.said(cid)


def test_a_reply_sent_twice_is_said_once(town_desk: Town) -> None:
    agent = town_desk.agent()
    cid = town_desk.citizen_waits()
    agent.post("/claim-next")
    for _ in range(2):
        agent.post(f"/conversations/{cid}/reply", client_id="same", text="Bonjour.")
    assert town_desk.said(cid).count(("agent", "Bonjour.")) == 1


def test_a_reply_is_shown_as_not_there_until_the_citizens_page_has_it(town_desk: Town) -> None:
    agent = town_desk.agent()
    cid = town_desk.citizen_waits()
    agent.post("/claim-next")
    agent.post(f"/conversations/{cid}/reply", client_id="r", text="Bonjour.")
    reach = town_desk.product.handoff.reach
    shown = []
    for is_seen in (None, False, True):
        if is_seen is not None:
            reach.note(cid, 99, is_seen=is_seen)
        shown += [line.text for line in agent.page(f"/conversations/{cid}").select(".reach")]
    assert shown == ["Pas encore reçu par la page de l’usager", "Reçu", "Lu"]


def test_of_two_who_claim_one_is_told_who_was_first(town_desk: Town) -> None:
    awa, bo = town_desk.agent(), town_desk.agent("bo", "Bo M.")
    cid = town_desk.citizen_waits()
    assert awa.post(f"/conversations/{cid}/claim").status_code == 200
    late = bo.post(f"/conversations/{cid}/claim")
    assert (late.status_code, late.json()["said"]) == (
        409,
        "Awa D. a déjà pris cette conversation.",
    )


def test_only_who_holds_a_conversation_replies_in_it(town_desk: Town) -> None:
    awa, bo = town_desk.agent(), town_desk.agent("bo", "Bo M.")
    cid = town_desk.citizen_waits()
    awa.post("/claim-next")
    refused = bo.post(f"/conversations/{cid}/reply", client_id="r", text="Moi aussi.")
    assert refused.status_code == 409
    assert ("agent", "Moi aussi.") not in town_desk.said(cid)


def test_a_note_is_for_staff_only(town_desk: Town) -> None:
    agent = town_desk.agent()
    cid = town_desk.citizen_waits()
    agent.post(f"/conversations/{cid}/note", client_id="n-1", text="A déjà appelé hier.")
    page = agent.page(f"/conversations/{cid}")
    assert "A déjà appelé hier." in page.get_text()
    assert all(text != "A déjà appelé hier." for _, text in town_desk.said(cid))


def test_a_conversation_is_forwarded_and_out_of_sight(town_desk: Town) -> None:
    other = town_desk.product.handoff.desks.all[1]
    agent = town_desk.agent()
    there = town_desk.agent("bo", "Bo M.", desks=(other.id,))
    cid = town_desk.citizen_waits()
    agent.post("/claim-next")
    assert agent.post(f"/conversations/{cid}/forward", desk=other.id).status_code == 200
    gone = agent.client.get(f"/desk/conversations/{cid}", headers={"accept": "text/html"})
    assert gone.status_code == 404
    assert "n’est plus à ce guichet" in gone.text
    assert there.page("/").select_one(f'[data-id="{cid}"]') is not None


def test_a_conversation_goes_back_to_the_queue_or_among_the_messages(town_desk: Town) -> None:
    agent = town_desk.agent()
    cid = town_desk.citizen_waits()
    agent.post("/claim-next")
    agent.post(f"/conversations/{cid}/release")
    conversations = town_desk.product.handoff.conversations
    assert conversations.conversation(cid).state == "waiting"
    agent.post("/claim-next")
    agent.post(f"/conversations/{cid}/set-aside")
    assert conversations.conversation(cid).state == "left_message"


def test_staff_do_not_read_a_conversation_that_nobody_passed_on(town_desk: Town) -> None:
    agent = town_desk.agent(roles=("agent", "lead"))
    handoff = town_desk.product.handoff
    opened = handoff.conversations.open(language="fr", now=town_desk.clock())
    handoff.transcript.hear(
        opened.conversation.id, client_id="q", text="Une question privée", now=town_desk.clock()
    )
    path = f"/desk/conversations/{opened.conversation.id}"
    assert agent.client.get(path).status_code == 404
    note = agent.post(f"{path.removeprefix('/desk')}/note", client_id="n", text="vu")
    assert note.status_code == 404


def test_after_the_end_the_next_question_to_the_bot_is_out_of_sight(town_desk: Town) -> None:
    agent = town_desk.agent()
    cid = town_desk.citizen_waits()
    agent.post("/claim-next")
    agent.post(f"/conversations/{cid}/close", reason="solved")
    assert "Terminée" in agent.page(f"/conversations/{cid}").get_text()
    town_desk.citizen_writes(cid, "Une autre question, pour le programme")
    assert agent.client.get(f"/desk/conversations/{cid}").status_code == 404


def test_what_citizens_write_is_shown_as_text(town_desk: Town) -> None:
    agent = town_desk.agent()
    cid = town_desk.citizen_waits('<img src=x onerror=alert(1)> "&amp; <script>')
    page = agent.page(f"/conversations/{cid}")
    assert page.select("#messages img, #list img, .brief img, #messages script") == []
    assert '<img src=x onerror=alert(1)> "&amp; <script>' in page.select_one(".message .text").text  # type: ignore[union-attr]


def test_what_the_bot_said_is_shown_with_its_form_and_without_its_html(town_desk: Town) -> None:
    agent = town_desk.agent()
    handoff, now = town_desk.product.handoff, town_desk.clock()
    cid = handoff.conversations.open(language="fr", now=now).conversation.id
    heard = handoff.transcript.hear(cid, client_id="q", text="Prix ?", now=now)
    said = "> **42 €**\n\n<script>alert(1)</script> [x](javascript:alert(1))"
    handoff.transcript.say(heard.floor, client_id="a", text=said, now=now)
    desk = handoff.desks.default.id
    handoff.handoffs.wait(cid, reason="not_helped", desk=desk, question="Prix ?", now=now)
    bot = agent.page(f"/conversations/{cid}").select_one(".message.bot")
    assert bot is not None
    assert bot.select_one("blockquote strong") is not None
    assert bot.select("script, a") == []


def test_being_away_stops_the_next_one_and_lasts_over_a_reload(town_desk: Town) -> None:
    agent = town_desk.agent()
    agent.post("/away", away="true")
    page = agent.page("/")
    switch = page.select_one(".switch")
    assert switch is not None and switch["aria-checked"] == "false"
    (staff,) = town_desk.product.handoff.presence.present(town_desk.clock())
    assert staff.is_away
    agent.post("/away", away="false")
    assert agent.page("/").select_one('.switch[aria-checked="true"]') is not None


def test_nobody_waiting_is_said(town_desk: Town) -> None:
    answer = town_desk.agent().post("/claim-next")
    assert (answer.status_code, answer.json()["said"]) == (409, "Personne n’attend.")


def test_a_draft_outlives_the_page_and_ends_with_the_reply(town_desk: Town) -> None:
    agent = town_desk.agent()
    cid = town_desk.citizen_waits()
    agent.post("/claim-next")
    agent.post(f"/conversations/{cid}/draft", text="Je regarde")
    written = agent.page(f"/conversations/{cid}").select_one("#reply")
    assert written is not None and written.text == "Je regarde"
    agent.post(f"/conversations/{cid}/reply", client_id="r", text="Je regarde.")
    emptied = agent.page(f"/conversations/{cid}").select_one("#reply")
    assert emptied is not None and emptied.text == ""


def test_canned_replies_are_in_the_citizens_language(town_desk: Town) -> None:
    agent = town_desk.agent()
    cid = town_desk.citizen_waits("How much?", language="en")
    agent.post("/claim-next")
    options = agent.page(f"/conversations/{cid}").select("#canned option")
    greeting = next(o for o in options if o.text == "Bonjour")
    assert str(greeting["value"]).startswith("Hello, I am Awa D. from the town hall of Vaubreuil")


def test_a_suggestion_comes_with_its_source_and_is_not_sent(town_desk: Town) -> None:
    agent = town_desk.agent()
    cid = town_desk.citizen_waits("Combien coûte le stationnement ?")
    agent.post("/claim-next")
    before = town_desk.said(cid)
    answer = agent.post(f"/conversations/{cid}/suggest")
    assert "Elle coûte 30 € par an." in answer.text
    assert "Source : Stationnement résidentiel [2026]\nVille de Vaubreuil" in answer.text
    assert "guide à revoir" in answer.text
    assert town_desk.said(cid) == before


def test_without_a_guide_nothing_is_suggested(town_desk: Town) -> None:
    agent = town_desk.agent()
    cid = town_desk.citizen_waits("Quelle est la couleur du vent ?")
    agent.post("/claim-next")
    answer = agent.post(f"/conversations/{cid}/suggest")
    assert "Les guides publiés ne disent rien à ce sujet." in answer.text


def test_staff_without_a_page_script_are_led_on(town_desk: Town) -> None:
    agent = town_desk.agent()
    cid = town_desk.citizen_waits()
    answer = agent.client.post(
        "/desk/claim-next",
        data={"csrf": agent.csrf()},
        headers={"accept": "text/html"},
        follow_redirects=False,
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"/desk/conversations/{cid}")


def test_that_nothing_was_asked_yet_is_said_until_the_first_message_comes(town_desk: Town) -> None:
    agent = town_desk.agent()
    cid = town_desk.citizen_waits("")
    said = "Aucune question posée pour l’instant"
    for path, place in (("/", "#list .row-text"), (f"/conversations/{cid}/briefing", "dd")):
        shown = agent.page(path).select_one(place)
        assert shown is not None and (shown.text, shown.get("lang")) == (said, None)
    town_desk.citizen_writes(cid, "Où est la mairie ?")
    for path, place in (("/", "#list .row-text"), (f"/conversations/{cid}/briefing", "dd")):
        shown = agent.page(path).select_one(place)
        assert shown is not None and (shown.text, shown["lang"]) == ("Où est la mairie ?", "fr")


def test_every_message_is_marked_with_the_language_it_is_written_in(town_desk: Town) -> None:
    agent = town_desk.agent()
    cid = town_desk.citizen_waits("¿Dónde puedo votar?", language="es")
    agent.post("/claim-next")
    for number, text in enumerate(("Bonjour.", "Un momento, por favor.", "Vous votez à l’école.")):
        agent.post(f"/conversations/{cid}/reply", client_id=f"r-{number}", text=text)
    town_desk.product.handoff.transcript.hear(
        cid, client_id="c", text="Merci !", now=town_desk.clock(), language="fr"
    )
    shown = agent.page(f"/conversations/{cid}").select(".message .text")
    assert [part["lang"] for part in shown] == ["es", "fr", "es", "fr", "fr"]


def test_a_name_that_runs_from_right_to_left_is_kept_apart_from_the_words_around(
    town_desk: Town,
) -> None:
    sarah, awa = town_desk.agent("sara", "سارة م."), town_desk.agent()
    cid = town_desk.citizen_waits("How much?", language="en")
    sarah.post("/claim-next")
    sarah.post(f"/conversations/{cid}/reply", client_id="r", text="One moment.")
    page = awa.page(f"/conversations/{cid}")
    apart = "\u2068سارة م.\u2069"
    event = next(e.text for e in page.select(".event") if "a pris la conversation" in e.text)
    assert apart in event
    assert apart in page.select_one(".state").text  # type: ignore[union-attr]
    assert [name.text for name in page.select(".message.agent .who bdi, .colleagues bdi")] == [
        "سارة م.",
        "سارة م.",
    ]
    greeting = sarah.page(f"/conversations/{cid}").select("#canned option")[1]
    assert f"I am {apart} from" in str(greeting["value"])
