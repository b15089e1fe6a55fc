//! The word lists: what authors call the parts of a page, and what stands on furniture in many languages.

use crate::assist::boilerplate::class::Class;
use crate::assist::boilerplate::cues::Says;

/// Names of elements; `=` before a word wants a whole word, `*` takes it anywhere, else it begins a word.
pub(super) const MARKUP: [(Says, &str); 17] = [
    (
        Says::Article,
        "articlebody, article-body, article_body, articletext, article-text, article_text, article-content, \
         article__content, article__body, article_content, articlecontent, entry-content, entrycontent, post-content, \
         post_content, postcontent, post-body, postbody, post_body, story-body, storybody, story_body, storytext, \
         story-text, story-content, story__body, body-text, bodytext, body-copy, bodycopy, content-body, \
         content__article-body, main-content-article, rich-text, richtext, news-content, newsbody, news_body, \
         news-text, blog-content, article-paragraph, article__text, texto-noticia, cuerpo, =e-content, \
         artikeltext, artikel-content",
    ),
    (
        Says::Furniture(Class::Navigation),
        "nav, menu, breadcrumb, =footer, footer-, footer_, site-footer, =header, site-header, masthead, topbar, \
         sidebar, side-bar, side_bar, rightcol, right-col, right-rail, rightrail, right_rail, =rail, leftcol, \
         left-col, =secondary, widget, search, toolbar, skip, offcanvas, off-canvas, drawer, login, signin, sign-in, \
         sitemap, language, dropdown, submenu, topnav, =aside, hamburger, accessibility, =navbox, =toc, =mw-editsection, \
         complementary, contentinfo, =d-none, =hidden, =hide, sr-only, screen-reader, visuallyhidden, visually-hidden, \
         print-only,  banner, weather, ticker, stock, =tools, colophon, jump, =select",
    ),
    (
        Says::Furniture(Class::Share),
        "share, sharing, sharedaddy, social, follow, addthis, addtoany, shariff, facebook, twitter, =fb, whatsapp, \
         pinterest, like-button, jp-relatedposts-like, sns, =print, printfriendly, email-this, =email, emoji, reaction",
    ),
    (
        Says::Furniture(Class::Advertisement),
        "=ad, =ads, ad-, ads-, ad_, advert, adsense, adslot, adunit, adbox, ad1, ad2, sponsor, promo, outbrain, \
         taboola, revcontent, dfp, =gpt, affiliate, shopping, commerce, partner, teaser-ad, anzeige, werbung, \
         publicidad, publicite, pubblicita, reklam, deals, =product, =cta, cta-, call-to-action, marketing, offer",
    ),
    (
        Says::Furniture(Class::Byline),
        "byline, by-line, author, autor, =writer, bio, contributor, vcard, reporter, journalist, about-the, profile, \
         writtenby, signature, postsignature, =sig, userinfo, user-info, user_info, postprofile, poster, postleft, \
         usertitle, user-title, avatar, membergroup, postdetails, postauthor",
    ),
    (
        Says::Furniture(Class::Dateline),
        "date, dateline, timestamp, =time, pubdate, published, updated, posted, entry-meta, post-meta, article-meta, \
         article__meta, article-info, postinfo, postedit, lastedit, postfoot, postlinks, posthead, post-info, entry-info, =meta, metadata, byline-date, datum, fecha, \
         entry-header, article-header, article__header, post-header, kicker, eyebrow, read-time, reading-time, views",
    ),
    (
        Says::Furniture(Class::Caption),
        "caption, *-caption, *_caption, *__caption, figcaption, gallery, slideshow, carousel, slider, lightbox, mediabox, image-, img-, photo, video, player, thumb, embed, infographic, poll, quiz",
    ),
    (
        Says::Furniture(Class::Credit),
        "credit, *-credit, *__credit, photo-credit, source-, image-source, copyright-holder, attribution",
    ),
    (
        Says::Furniture(Class::Related),
        "related, relacionad, similar, recommend, recirc, more-from, morefrom, more-stories, more-news, readmore, \
         read-more, read-next, readnext, also-read, alsoread, see-also, seealso, also-like, you-may, youmay, upnext, \
         up-next, next-article, popular, most-read, mostread, trending, trend, latest, recent, top-stories, topstories, \
         headlines, teaser, crosslink, cross-link, onward, further, inline-link, linklist, link-list, linkbox, \
         yarpp, jp-relatedposts, suggestion, feed-, =feed, =list-posts, archive, =card, =cards, card-list, promoted, \
         leia-tambem, leiatambem, lea-tambien, weitere, =more, mehr-, story-list, aggregat",
    ),
    (
        Says::Furniture(Class::Newsletter),
        "newsletter, subscri, signup, sign-up, sign_up, mailchimp, mc_embed, optin, opt-in, =register, registration, paywall, regwall, membership, abo-, mailing, notification, alerts, download-app, app-banner",
    ),
    (
        Says::Furniture(Class::Comments),
        "comment, kommentar, comentario, disqus, respond, reply, =replies, discussion, livefyre, fb-comments, rating, vote, feedback, review-form, leserbrief, guestbook",
    ),
    (
        Says::Furniture(Class::Tags),
        "=tag, =tags, tags-, tag-list, taglist, tag-links, tagcloud, tag-cloud, post-tags, article-tags, entry-tags, categor, cat-links, topics, keywords, =topic, schlagwort, entry-footer, post-footer, article-footer, article__footer, entry-utility",
    ),
    (
        Says::Furniture(Class::Copyright),
        "copyright, disclaimer, legal, imprint, impressum, terms, =rights, licen, disclosure",
    ),
    (
        Says::Furniture(Class::Cookies),
        "cookie, gdpr, consent, privacy, popup, pop-up, modal, overlay, dialog, lightbox-, toast",
    ),
    (Says::Furniture(Class::Correction), "correction, editors-note, editor-note, erratum"),
    (Says::Furniture(Class::Donation), "donat, support-us, supportus, contribute, spenden, fundrais, patreon, =tip"),
    (
        Says::Furniture(Class::Pagination),
        "paginat, pager, page-links, page-numbers, prevnext, prev-next, post-nav, nextprev, =prev, =next, =previous, post-navigation",
    ),
];

/// Words of short texts, in lower case; the same signs as above.
pub(super) const TEXT: [(Class, &str); 16] = [
    (
        Class::Navigation,
        "=home, =menu, search, skip to, back to top, =top, about us, contact us, =contact, site map, sitemap, log in, \
         login, sign in, my account, startseite, =suche, suchen, kontakt, impressum, anmelden, nach oben, accueil, \
         =recherche, rechercher, connexion, se connecter, inicio, buscar, =contacto, iniciar sesión, página inicial, \
         pesquisar, =contato, entrar, =cerca, contatti, accedi, strona główna, szukaj, kontakt, zaloguj, zoeken, \
         inloggen, главная, поиск, войти, контакты, الرئيسية, بحث, 首页, 搜索, 登录, 登錄, ホーム, 検索, ログイン, \
         홈, 검색, 로그인, होम, खोज, ana sayfa, =ara, giriş, toggle navigation, main content, loading",
    ),
    (
        Class::Share,
        "share, =tweet, facebook, twitter, whatsapp, pinterest, linkedin, reddit, telegram, e-mail, =email, print, \
         follow us, follow @, like us, teilen, drucken, folgen sie, weitersagen, partager, imprimer, suivez, \
         compartir, imprimir, síguenos, síguanos, compartilh, partilhar, siga, condividi, stampa, seguici, udostępnij, \
         drukuj, obserwuj, delen, volg ons, поделиться, поделитесь, печать, подписывайтесь, شارك, طباعة, تابعنا, \
         分享, 微信, 微博, シェア, ツイート, 印刷, フォロー, 공유, 인쇄, शेयर, साझा, paylaş, yazdır, copy link, \
         click to share, send to, sdílet, dela på",
    ),
    (
        Class::Advertisement,
        "advertis, =ad, =ads, sponsored, sponsor, promoted, paid content, paid post, anzeige, werbung, publicité, \
         publicidad, patrocinad, publicidade, pubblicità, sponsorizzat, reklama, =advertentie, реклама, إعلان, إعلانات, \
         广告, 廣告, 広告, スポンサー, 광고, विज्ञापन, reklam, continue reading below, story continues below, \
         article continues, scroll to continue",
    ),
    (
        Class::Byline,
        "=by, written by, posted by, reported by, reporting by, editing by, =staff writer, correspondent, =von, =par, \
         =por, =di, =door, =autor, =auteur, =autore, =автор, автор:, بقلم, كتب, 作者, 记者, 責任編集, 記者, 文=, 기자, \
         लेखक, =yazan, about the author, contributor, senior editor, redaktion, rédaction, redacción, redazione",
    ),
    (
        Class::Dateline,
        "published, updated, posted on, last modified, last updated, min read, minute read, min. read, =ago, \
         veröffentlicht, aktualisiert, stand:, =uhr, lesezeit, publié le, mis à jour, publicado, actualizado, \
         atualizado, pubblicato, aggiornato, opublikowano, aktualizacja, gepubliceerd, опубликовано, обновлено, نشر, \
         آخر تحديث, 发布, 更新, 公開, 投稿日, 更新日, 입력, 수정, प्रकाशित, अपडेट, yayın, güncelle, =am est, =pm est, \
         =gmt, =views, date:, datum:, fecha:",
    ),
    (
        Class::Caption,
        "file photo, pictured, =photo, =image, =foto, bild:, =imagen, =imagem, =immagine, =zdjęcie, фото, صورة, 图为, \
         图片, 写真, 사진, फोटो, fotoğraf, photos:, click to enlarge, view gallery, zum vergrößern, watch:, video:, \
         this image, in this photo",
    ),
    (
        Class::Credit,
        "getty images, getty, shutterstock, istock, =afp, =reuters, =epa, =dpa, ap photo, =ap file, photo by, \
         photo:, photos by, photo credit, image credit, credit:, courtesy, image via, source:, foto:, quelle:, \
         crédit, crédits, fuente:, fonte:, źródło:, bron:, источник, المصدر, 来源, 來源, 出典, 출처, स्रोत, kaynak, \
         picture alliance, imago, unsplash, flickr, via ap, usa today sports, illustration by",
    ),
    (
        Class::Related,
        "related, read more, read also, also read, see also, more from, you may also, recommended, trending, \
         most read, most popular, most viewed, latest news, latest stories, top stories, more stories, more news, \
         up next, don't miss, read next, editors' picks, mehr zum thema, lesen sie auch, auch interessant, \
         weitere artikel, das könnte sie, meistgelesen, lire aussi, à lire aussi, sur le même sujet, les plus lus, \
         lea también, lee también, te puede interesar, más leídas, relacionad, leia também, veja também, saiba mais, \
         mais lidas, leggi anche, potrebbe interessarti, più letti, czytaj też, czytaj także, zobacz także, \
         najczęściej czytane, lees ook, lees meer, meest gelezen, читайте также, смотрите также, по теме, \
         اقرأ أيضا, مواضيع ذات صلة, الأكثر قراءة, 相关阅读, 相关新闻, 推荐阅读, 延伸閱讀, 関連記事, あわせて読みたい, \
         人気記事, 관련 기사, 관련기사, 인기 기사, यह भी पढ़ें, संबंधित, ilgili haberler, bunlar da, learn more, \
         click here, previous article, next article, continue reading, hot topics, what to read",
    ),
    (
        Class::Newsletter,
        "newsletter, subscribe, subscription, sign up, signup, your inbox, email address, enter your email, \
         download our app, =app store, google play, push notifications, abonnieren, abonnement, abonnez, inscrivez, \
         s'inscrire, suscríb, suscrib, boletín, assine, inscreva, iscriviti, abbonati, zapisz się, subskryb, \
         aanmelden, abonneer, подпис, рассылк, اشترك, النشرة, 订阅, 訂閱, メルマガ, 購読, 登録, 구독, न्यूज़लेटर, \
         सब्सक्राइब, abone ol, bülten, become a member, free trial, join our, breaking news alerts",
    ),
    (
        Class::Comments,
        "comment, leave a reply, reply, log in to post, view discussion, kommentar, antworten, commentaire, réagir, \
         comentar, comentario, comentário, commenti, komentarz, skomentuj, reactie, reageer, комментар, تعليق, \
         التعليقات, 评论, 評論, コメント, 댓글, टिप्पणी, yorum, your name, your email, required fields, will not be \
         published, =submit, report abuse, join the conversation, write a review",
    ),
    (
        Class::Tags,
        "=tags, tags:, =tag, filed under, categories:, =category, category:, =topics, topics:, keywords, posted in, \
         schlagworte, schlagwörter, kategorie, themen:, mots-clés, étiquettes, sujets, etiquetas, categorías, \
         temas:, marcadores, categorias, etichette, tagi, =tagi:, =trefwoorden, теги, метки, рубрик, وسوم, الوسوم, \
         标签, 標籤, タグ, カテゴリ, 태그, टैग, etiketler, more in, more about:, in this story",
    ),
    (
        Class::Copyright,
        "©, (c) 20, (c) 19, copyright, all rights reserved, terms of use, terms of service, terms and conditions, \
         may not be published, may not be reproduced, registered trademark, alle rechte vorbehalten, nutzungsbedingungen, \
         =agb, tous droits réservés, mentions légales, todos los derechos, términos, todos os direitos, termos de uso, \
         tutti i diritti, wszelkie prawa, regulamin, alle rechten voorbehouden, все права защищены, جميع الحقوق, \
         版权所有, 版權所有, 無断転載, 無断複写, 무단전재, 무단 전재, सर्वाधिकार, tüm hakları, disclaimer, \
         powered by, press association",
    ),
    (
        Class::Cookies,
        "cookie, privacy policy, privacy notice, gdpr, datenschutz, confidentialité, política de privacidad, \
         política de privacidade, informativa sulla privacy, polityka prywatności, privacybeleid, \
         конфиденциальност, ملفات تعريف الارتباط, 隐私, プライバシー, 개인정보, गोपनीयता, çerez, gizlilik, ad choices, adchoices, \
         do not sell, consent",
    ),
    (
        Class::Correction,
        "correction:, corrections, editor's note, editor’s note, this story has been updated, this article has been \
         updated, this article was amended, an earlier version, korrektur, anmerkung der redaktion, erratum, \
         note de la rédaction, nota de la redacción, nota da redação, errata, sprostowanie, rectificatie, \
         исправлен, 更正, 訂正, 정정, संशोधन, düzeltme",
    ),
    (
        Class::Donation,
        "donate, donation, support us, support our, make a contribution, patreon, spenden, unterstützen sie, \
         faire un don, soutenez, donar, apóyanos, apoie, doar, sostieni, dona ora, wesprzyj, wspieraj, doneer, \
         steun ons, пожертв, поддержите, تبرع, 捐款, 赞助, 寄付, 후원, दान, bağış, buy me a coffee",
    ),
    (
        Class::Pagination,
        "next page, previous page, =next, =previous, =prev, page 1, =older posts, =newer posts, nächste seite, =weiter, \
         =zurück, page suivante, =suivant, =précédent, siguiente, anterior, próxima página, =próximo, =successivo, \
         =precedente, następna, poprzednia, volgende, vorige, следующая, предыдущая, التالي, السابق, 下一页, 上一页, \
         次のページ, 次へ, 前へ, 다음, 이전, अगला, पिछला, sonraki, önceki, show more, load more, view all, see all, \
         read full",
    ),
];
