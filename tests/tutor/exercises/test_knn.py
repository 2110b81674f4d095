"""The checks for nearest neighbours: what the attempts do not show."""

from solutions.attempts import wrong


def test_a_wrong_label_is_told_with_the_votes(monkeypatch):
    largest = """
    def predict_labels(self, dists, k=1):
        return np.array([self.y_train[np.argsort(row)[:k]].max() for row in dists])
    """
    told = wrong("predict_labels", "", largest).verdict(monkeypatch).message
    assert "y_pred[0] is 2, expected 0: the 3 training rows nearest to test row 0 have the labels 0, 2, 0" in told
    assert "worst" not in told
