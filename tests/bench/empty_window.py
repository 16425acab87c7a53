"""The baseline: an empty window with a table, as plain as PySide6 has it. Prints when it was painted, and ends."""

import time

started = time.perf_counter()

import json  # noqa: E402
import sys  # noqa: E402

from PySide6.QtCore import QTimer  # noqa: E402
from PySide6.QtGui import QPaintEvent  # noqa: E402
from PySide6.QtWidgets import QApplication, QMainWindow, QTableWidget, QTableWidgetItem  # noqa: E402


class Window(QMainWindow):
    """Ends once it has been painted."""

    painted = False

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.painted:
            self.painted = True
            QTimer.singleShot(0, self._report)

    def _report(self) -> None:
        print(json.dumps({"painted_ms": round((time.perf_counter() - started) * 1000, 1)}), flush=True)
        QApplication.quit()


application = QApplication(sys.argv)
window = Window()
table = QTableWidget(8, 10)
for row in range(8):
    for column in range(10):
        table.setItem(row, column, QTableWidgetItem(f"{row} {column}"))
window.setCentralWidget(table)
window.resize(1280, 800)
window.show()
sys.exit(application.exec())
