use crate::vocabulary;

vocabulary! {
    /// What a list of volunteers by their hours is asked for. It is for nothing else (R45: no rankings
    /// of persons), and each reading is in the audit of those who stand in it.
    pub enum RecognitionPurpose {
        /// Recognition of star volunteers (R32).
        StarRecognition = "STAR_RECOGNITION" => "星级认定", "Recognition of star volunteers";
    }
}
