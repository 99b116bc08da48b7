//! A message with a photo in; a search, or what is said where the photo cannot be seen or has no words beside it, out.

use super::{Finish, Photo, Sentence, Turn, say};

impl Turn<'_> {
    /// A photo is a need, whatever the words beside it are: they narrow it. One that cannot be seen is told, and without words a few
    /// are asked for.
    pub(super) async fn take_photo(&mut self) -> anyhow::Result<Option<Finish>> {
        let (unseen, wordless) = match &self.ask.photo {
            Photo::None => return Ok(None),
            Photo::Seen(_) if self.rooms.search.eyes().is_some() => return self.sell().await.map(Some),
            Photo::Seen(_) => (say::photo_unseen(self.lang), say::photo_only(self.lang)),
            Photo::Broken => (say::photo_broken(self.lang), say::photo_broken(self.lang)),
        };
        let without_words = self.ask.text.trim().is_empty();
        self.say(Sentence::plain(if without_words { wordless } else { unseen })).await;
        Ok(without_words.then_some(Finish::Asked))
    }
}
